/* src/cli/flow_rows.c - see flow_rows.h.  Workers write into sheets of their own, which
 * go into the files when they are large enough: rows come in the order in which flows end,
 * sort by ts where it matters.
 * Source: Zeek's script reference, Conn::Info and DNS::Info; Suricata, "EVE JSON Format". */
#include "cli/flow_rows.h"
#include "base/drop.h"
#include "cli/flow_rows_in.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SHEET_FULL = 256 * 1024 };

static void part_write(struct flows_part *part)
{
	struct flow_rows *flows = part->flows;
	bool good = true;

	(void)pthread_mutex_lock(&flows->lock);
	if (flows->conn != NULL)
		good = sheet_write(&part->conn, flows->conn) && sheet_write(&part->dns, flows->dns);
	if (flows->eve != NULL) {
		struct text *text = &part->eve.text;

		good &= !text->full &&
		    (text->len == 0 || fwrite(text->at, 1, text->len, flows->eve) == text->len);
		text_clear(text);
	}
	flows->failed |= !good;
	(void)pthread_mutex_unlock(&flows->lock);
}

static void part_look(struct flows_part *part)
{
	if (part->conn.text.len + part->dns.text.len + part->eve.text.len >= SHEET_FULL)
		part_write(part);
}

static void hear_flow(void *context, const struct said_head *head, const struct said_flow *flow)
{
	struct flows_part *part = context;

	if (head->flow->quoted || head->flow->client.family == ADDRESS_NONE)
		return; /* known from an error only; not IP */
	if (part->flows->conn != NULL)
		conn_row(&part->conn, head->flow, flow);
	if (part->flows->eve != NULL)
		flow_event(&part->eve, head->flow, flow);
	part_look(part);
}

static void hear_dns(void *context, const struct said_head *head, const struct said_dns *dns)
{
	struct flows_part *part = context;

	if (part->flows->conn != NULL)
		dns_row(part, head, dns);
	if (part->flows->eve != NULL)
		dns_event(&part->eve, head, dns);
	part_look(part);
}

static int files_open(struct flow_rows *flows, struct why *why)
{
	int code = KS_OK;

	if (flows->folder != NULL) {
		code = sheet_open(flows->folder, &sheet_conn, flows->json, &flows->conn, why);
		if (code == KS_OK)
			code = sheet_open(flows->folder, &sheet_dns, flows->json, &flows->dns, why);
	}
	if (code != KS_OK || flows->eve_path == NULL)
		return code;
	flows->eve = fopen(flows->eve_path, "we");
	return flows->eve != NULL ? KS_OK
	    : fail(why, KS_IO, "%s could not be written: %s", flows->eve_path, strerror(errno));
}

static void files_close(struct flow_rows *flows)
{
	drop_file(&flows->conn);
	drop_file(&flows->dns);
	drop_file(&flows->eve);
	flows->conn = flows->dns = flows->eve = NULL;
}

int flow_rows_new(const char *folder, bool json, const char *eve, unsigned threads,
    struct flow_rows **ret_flows, struct why *why)
{
	KS_DROP(flow_rows) struct flow_rows *flows = calloc(1, sizeof *flows);

	if (flows == NULL)
		return fail(why, KS_FULL, "out of memory");
	flows->folder = folder;
	flows->json = json;
	flows->eve_path = eve;
	flows->threads = threads;
	(void)pthread_mutex_init(&flows->lock, NULL);
	flows->parts = calloc(threads, sizeof *flows->parts);
	for (unsigned i = 0; flows->parts != NULL && i < threads; i++) {
		struct flows_part *part = &flows->parts[i];

		part->flows = flows;
		part->ears = (struct listener){ .context = part, .flow = hear_flow, .dns = hear_dns };
		sheet_init(&part->conn, &sheet_conn, json);
		sheet_init(&part->dns, &sheet_dns, json);
		json_start(&part->eve, NULL);
	}
	if (flows->parts == NULL)
		return fail(why, KS_FULL, "out of memory");
	int code = files_open(flows, why);

	if (code != KS_OK)
		return code;
	*ret_flows = flows;
	flows = NULL;
	return KS_OK;
}

void flow_rows_free(struct flow_rows *flows)
{
	if (flows == NULL)
		return;
	files_close(flows);
	for (unsigned i = 0; flows->parts != NULL && i < flows->threads; i++) {
		text_done(&flows->parts[i].conn.text);
		text_done(&flows->parts[i].dns.text);
		text_done(&flows->parts[i].eve.text);
	}
	(void)pthread_mutex_destroy(&flows->lock);
	free(flows->parts);
	free(flows);
}

const struct listener *flow_rows_ears(struct flow_rows *flows, unsigned thread)
{
	return &flows->parts[thread].ears;
}

int flow_rows_again(struct flow_rows *flows, struct why *why)
{
	for (unsigned i = 0; i < flows->threads; i++) {
		struct flows_part *part = &flows->parts[i];

		text_clear(&part->conn.text);
		text_clear(&part->dns.text);
		text_clear(&part->eve.text);
		memset(part->asked, 0, sizeof part->asked);
	}
	files_close(flows);
	return files_open(flows, why);
}

int flow_rows_end(struct flow_rows *flows, struct why *why)
{
	bool good = true;

	for (unsigned i = 0; i < flows->threads; i++) {
		if (flows->conn != NULL)
			dns_rest(&flows->parts[i]);
		part_write(&flows->parts[i]);
	}
	if (flows->conn != NULL)
		good = fflush(flows->conn) == 0 && fflush(flows->dns) == 0;
	if (flows->failed || !good)
		return fail(why, KS_IO, "%s could not be written: %s",
		    flows->folder != NULL ? flows->folder : flows->eve_path, strerror(errno));
	return KS_OK;
}

FILE *flow_rows_eve(struct flow_rows *flows)
{
	return flows->eve;
}
