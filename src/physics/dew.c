#include "physics/dew.h"
#include <math.h>

int64_t dew_point_milli(int64_t temp_milli, int64_t humidity_milli)
{
	double t = (double)temp_milli / 1000.0;
	double rh = (double)(humidity_milli < 100 ? 100 : humidity_milli) / 100000.0;
	double gamma = log(rh) + 17.62 * t / (243.12 + t);

	return (int64_t)lround(243120.0 * gamma / (17.62 - gamma));
}
