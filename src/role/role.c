typedef int role_unit;
