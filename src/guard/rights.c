typedef int rights_unit;
