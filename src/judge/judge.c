typedef int judge_unit;
