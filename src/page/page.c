typedef int page_unit;
