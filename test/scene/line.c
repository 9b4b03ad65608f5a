/* test/scene/line.c - the NUT server and the Redfish controller of the scene. */
#include "sim.h"

/* One UPS "ups2": the network rack's, at the other end of the room. */
static void nut_vars(struct sim_room *room, struct text *answer)
{
	text_add(answer, "BEGIN LIST VAR ups2\n");
	text_add(answer, "VAR ups2 battery.charge \"100\"\n");
	text_add(answer, "VAR ups2 battery.runtime \"2520\"\n");
	text_addf(answer, "VAR ups2 battery.temperature \"%.1f\"\n", sim_sensor(room, 3));
	text_add(answer, "VAR ups2 device.mfr \"keisoku scene\"\n");
	text_add(answer, "VAR ups2 device.model \"UPS 1500\"\n");
	text_add(answer, "VAR ups2 input.voltage \"101.2\"\n");
	text_add(answer, "VAR ups2 output.voltage \"100.8\"\n");
	text_add(answer, "VAR ups2 ups.load \"22\"\n");
	text_add(answer, "VAR ups2 ups.realpower \"198\"\n");
	text_add(answer, "VAR ups2 ups.status \"OL\"\n");
	text_add(answer, "END LIST VAR ups2\n");
}

void sim_nut(struct sim_room *room, struct span line, struct text *answer)
{
	line = span_trim(line);
	if (span_equal(line, "LIST UPS"))
		text_add(answer, "BEGIN LIST UPS\nUPS ups2 \"network rack\"\nEND LIST UPS\n");
	else if (span_equal(line, "LIST VAR ups2"))
		nut_vars(room, answer);
	else if (span_equal(line, "VER"))
		text_add(answer, "Network UPS Tools upsd of the keisoku scene\n");
	else if (span_equal(line, "NETVER"))
		text_add(answer, "1.3\n");
	else if (span_equal(line, "LOGOUT"))
		text_add(answer, "OK Goodbye\n");
	else
		text_add(answer, "ERR UNKNOWN-COMMAND\n");
}

static void thermal(struct sim_room *room, struct text *body)
{
	text_addf(body, "{\"@odata.id\":\"/redfish/v1/Chassis/1/Thermal\",\"Id\":\"Thermal\","
	    "\"Name\":\"Thermal\",\"Temperatures\":[{\"MemberId\":\"0\",\"Name\":\"Inlet Temp\","
	    "\"ReadingCelsius\":%.1f,\"PhysicalContext\":\"Intake\",\"MinReadingRangeTemp\":0,"
	    "\"MaxReadingRangeTemp\":127,\"Status\":{\"State\":\"Enabled\",\"Health\":\"OK\"}},"
	    "{\"MemberId\":\"1\",\"Name\":\"CPU1 Temp\",\"ReadingCelsius\":%.0f,"
	    "\"PhysicalContext\":\"CPU\",\"Status\":{\"State\":\"Enabled\",\"Health\":\"OK\"}}],"
	    "\"Fans\":[{\"MemberId\":\"0\",\"Name\":\"Fan1\",\"Reading\":%.0f,"
	    "\"ReadingUnits\":\"RPM\",\"Status\":{\"State\":\"Enabled\",\"Health\":\"OK\"}}]}",
	    sim_sensor(room, 1.1), room->air_c + 31, 4200 + 380 * (room->air_c - 24));
}

static void page(struct sim_room *room, struct span path, struct text *body)
{
	while (path.left > 1 && path.at[path.left - 1] == '/')
		path.left--;
	if (span_equal(path, "/redfish/v1"))
		text_add(body, "{\"@odata.id\":\"/redfish/v1/\",\"Id\":\"RootService\","
		    "\"Name\":\"Root Service\",\"RedfishVersion\":\"1.6.0\","
		    "\"Chassis\":{\"@odata.id\":\"/redfish/v1/Chassis\"}}");
	else if (span_equal(path, "/redfish/v1/Chassis"))
		text_add(body, "{\"@odata.id\":\"/redfish/v1/Chassis\",\"Name\":\"Chassis\","
		    "\"Members@odata.count\":1,"
		    "\"Members\":[{\"@odata.id\":\"/redfish/v1/Chassis/1\"}]}");
	else if (span_equal(path, "/redfish/v1/Chassis/1"))
		text_add(body, "{\"@odata.id\":\"/redfish/v1/Chassis/1\",\"Id\":\"1\","
		    "\"Name\":\"db1\",\"Thermal\":{\"@odata.id\":\"/redfish/v1/Chassis/1/Thermal\"},"
		    "\"Power\":{\"@odata.id\":\"/redfish/v1/Chassis/1/Power\"}}");
	else if (span_equal(path, "/redfish/v1/Chassis/1/Thermal"))
		thermal(room, body);
	else if (span_equal(path, "/redfish/v1/Chassis/1/Power"))
		text_add(body, "{\"@odata.id\":\"/redfish/v1/Chassis/1/Power\",\"Id\":\"Power\","
		    "\"Name\":\"Power\",\"PowerControl\":[{\"MemberId\":\"0\",\"Name\":\"System\","
		    "\"PowerConsumedWatts\":560,\"Status\":{\"State\":\"Enabled\"}}]}");
}

void sim_redfish(struct sim_room *room, struct span path, struct text *answer)
{
	struct text body;

	text_init(&body, 8000);
	page(room, path, &body);
	text_addf(answer, "HTTP/1.1 %s\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\nOData-Version: 4.0\r\nConnection: close\r\n\r\n",
	    body.len > 0 ? "200 OK" : "404 Not Found", body.len);
	text_add_span(answer, text_span(&body));
	text_done(&body);
}
