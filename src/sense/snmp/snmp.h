/* src/sense/snmp/snmp.h - the driver `snmp`, for the list of drivers: any device that
 * speaks SNMP.  What it knows of vendors are the tables of rows.h. */
#ifndef KS_SENSE_SNMP_SNMP_H
#define KS_SENSE_SNMP_SNMP_H
#include "sense/driver.h"

extern const struct driver driver_snmp;
#endif
