typedef int physics_unit;
