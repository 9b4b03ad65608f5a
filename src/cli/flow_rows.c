/* src/cli/flow_rows.c - see flow_rows.h.  Workers write into sheets of their own, which
 * go into the files when they are large enough, and at each tick: rows come in the order in
 * which things end, sort by ts where it matters.
 * Source: Zeek's script reference, Conn::Info and DNS::Info; Suricata, "EVE JSON Format". */
#include "cli/flow_rows.h"
#include "base/drop.h"
#include "cli/flow_rows_in.h"
#include "wire/make.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SHEET_FULL = 256 * 1024 };

static const struct sheet_kind *const kinds[LOGS] = { [LOG_CONN] = &sheet_conn,
	[LOG_DNS] = &sheet_dns, [LOG_HTTP] = &sheet_http, [LOG_SSL] = &sheet_ssl,
	[LOG_FILES] = &sheet_files };

/* What came first is what is told. */
static void written(struct flow_rows *flows, const struct draft *file, bool good)
{
	if (good || flows->failed != NULL)
		return;
	flows->failed = file;
	flows->number = errno;
}

static bool text_write(struct text *text, FILE *to)
{
	bool good = !text->full && (text->len == 0 || fwrite(text->at, 1, text->len, to) == text->len);

	text_clear(text);
	return good;
}

/* live: who reads has it now. */
static void part_write(struct flows_part *part, bool live)
{
	struct flow_rows *flows = part->flows;
	bool some;

	(void)pthread_mutex_lock(&flows->lock);
	for (size_t i = 0; flows->logs[0].to != NULL && i < LOGS; i++) {
		some = part->sheets[i].text.len > 0;
		written(flows, &flows->logs[i], sheet_write(&part->sheets[i], flows->logs[i].to));
		written(flows, &flows->logs[i], !some || !live || fflush(flows->logs[i].to) == 0);
	}
	if (flows->eve.to != NULL) {
		some = part->eve.text.len > 0;
		written(flows, &flows->eve, text_write(&part->eve.text, flows->eve.to));
		written(flows, &flows->eve, !some || !live || fflush(flows->eve.to) == 0);
	}
	(void)pthread_mutex_unlock(&flows->lock);
}

static void part_look(struct flows_part *part)
{
	size_t n = part->eve.text.len;

	for (size_t i = 0; i < LOGS; i++)
		n += part->sheets[i].text.len;
	if (n >= SHEET_FULL)
		part_write(part, false);
}

/* --device: what others said to each other is in no row. */
static bool is_wanted(const struct flows_part *part, const struct flow_view *view)
{
	const struct flow_rows_plan *plan = &part->flows->plan;
	bool only = false;

	for (size_t i = 0; i < plan->known_n; i++) {
		const struct make_known *known = &plan->known[i];

		if (!known->asked_for)
			continue;
		only = true;
		if (known->address.family != ADDRESS_NONE) {
			if (address_equal(&known->address, &view->client) ||
			    address_equal(&known->address, &view->server))
				return true;
		} else if (memcmp(&known->mac, &view->client_mac, sizeof known->mac) == 0 ||
		    memcmp(&known->mac, &view->server_mac, sizeof known->mac) == 0) {
			return true;
		}
	}
	return !only;
}

/* -- what is heard --------------------------------------------------------------------- */

static void hear_flow(void *context, const struct said_head *head, const struct said_flow *flow)
{
	struct flows_part *part = context;

	if (head->flow->quoted || head->flow->client.family == ADDRESS_NONE)
		return; /* known from an error only; not IP */
	said_rows_flow(&part->said, head->flow->id);
	if (!is_wanted(part, head->flow))
		return;
	if (part->flows->logs[0].to != NULL)
		conn_row(&part->conn, head->flow, flow);
	if (part->flows->eve.to != NULL)
		flow_event(&part->eve, head->flow, flow);
	part_look(part);
}

static void hear_dns(void *context, const struct said_head *head, const struct said_dns *dns)
{
	struct flows_part *part = context;

	if (!is_wanted(part, head->flow))
		return;
	if (part->flows->logs[0].to != NULL)
		dns_row(part, head, dns);
	if (part->flows->eve.to != NULL)
		dns_event(&part->eve, head, dns);
	part_look(part);
}

static void hear_http(void *context, const struct said_head *head, const struct said_http *http)
{
	struct flows_part *part = context;

	if (is_wanted(part, head->flow))
		said_rows_http(&part->said, head, http);
}

static void hear_http_end(void *context, const struct said_head *head,
    const struct said_http_end *end)
{
	struct flows_part *part = context;

	said_rows_http_end(&part->said, head, end);
}

static void hear_body(void *context, const struct said_head *head, const struct said_body *body)
{
	struct flows_part *part = context;

	said_rows_body(&part->said, head, body);
}

static void hear_tls(void *context, const struct said_head *head, const struct said_tls *tls)
{
	struct flows_part *part = context;

	if (is_wanted(part, head->flow))
		said_rows_tls(&part->said, head, tls);
}

static void hear_tick(void *context, int64_t now_ns)
{
	struct flows_part *part = context;

	if (part->flows->logs[0].to != NULL)
		dns_rest(part, now_ns - ASKED_LONG_NS);
	part_write(part, true);
}

static void exchange_over(void *context, const struct exchange *exchange, const char *uri)
{
	struct flows_part *part = context;

	if (part->flows->logs[0].to != NULL)
		http_row(&part->http, exchange, uri);
	if (part->flows->eve.to != NULL)
		http_event(&part->eve, exchange, uri);
	part_look(part);
}

static void session_over(void *context, const struct session *session)
{
	struct flows_part *part = context;

	if (part->flows->logs[0].to != NULL) {
		ssl_row(&part->ssl, session);
		files_row(&part->files, session);
	}
	if (part->flows->eve.to != NULL)
		tls_event(&part->eve, session);
	part_look(part);
}

/* -- beginning and end ----------------------------------------------------------------- */

static int log_open(struct flow_rows *flows, enum flow_log i, struct why *why)
{
	const struct flow_rows_plan *plan = &flows->plan;
	char path[SHEET_PATH];
	int code = sheet_path(plan->folder, kinds[i], path, why);

	if (code == KS_OK)
		code = draft_open(path, plan->now, &flows->logs[i], why);
	if (code == KS_OK && !plan->json)
		sheet_head(kinds[i], flows->logs[i].to);
	return code;
}

static int folder_look(const char *folder, struct why *why)
{
	struct stat is;

	if (stat(folder, &is) != 0 && errno == ENOENT)
		return fail(why, KS_ABSENT, "--zeek %s: there is no such folder; make it first (mkdir -p %s)",
		    folder, folder);
	return stat(folder, &is) == 0 && !S_ISDIR(is.st_mode) ? fail(why, KS_MALFORMED,
	    "--zeek %s: this is a file; name a folder, into which conn.log and the others are written",
	    folder) : KS_OK;
}

static int files_open(struct flow_rows *flows, struct why *why)
{
	const struct flow_rows_plan *plan = &flows->plan;
	int code = plan->folder != NULL ? folder_look(plan->folder, why) : KS_OK;

	for (enum flow_log i = 0; plan->folder != NULL && code == KS_OK && i < LOGS; i++)
		code = log_open(flows, i, why);
	return code != KS_OK || plan->eve == NULL ? code
	    : draft_open(plan->eve, plan->now, &flows->eve, why);
}

static void files_close(struct flow_rows *flows)
{
	for (size_t i = 0; i < LOGS; i++)
		drop_draft(&flows->logs[i]);
	drop_draft(&flows->eve);
}

static void said_begin(struct flows_part *part)
{
	const struct flow_rows_plan *plan = &part->flows->plan;

	part->said = (struct said_rows){ .seed = plan->seed, .trust = plan->trust,
		.fields.most = ROWS_FIELDS, .exchange = exchange_over, .session = session_over,
		.context = part };
}

static void part_begin(struct flow_rows *flows, struct flows_part *part)
{
	part->flows = flows;
	part->ears = (struct listener){ .context = part, .flow = hear_flow, .dns = hear_dns,
		.http = hear_http, .http_end = hear_http_end, .body = hear_body, .tls = hear_tls,
		.tick = hear_tick };
	for (size_t i = 0; i < LOGS; i++)
		sheet_init(&part->sheets[i], kinds[i], flows->plan.json);
	json_start(&part->eve, NULL);
	said_begin(part);
}

int flow_rows_new(const struct flow_rows_plan *plan, struct flow_rows **ret_flows,
    struct why *why)
{
	KS_DROP(flow_rows) struct flow_rows *flows = calloc(1, sizeof *flows);

	if (flows == NULL)
		return fail(why, KS_FULL, "out of memory");
	flows->plan = *plan;
	(void)pthread_mutex_init(&flows->lock, NULL);
	flows->parts = calloc(plan->threads, sizeof *flows->parts);
	for (unsigned i = 0; flows->parts != NULL && i < plan->threads; i++)
		part_begin(flows, &flows->parts[i]);
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
	for (unsigned i = 0; flows->parts != NULL && i < flows->plan.threads; i++) {
		for (size_t k = 0; k < LOGS; k++)
			text_done(&flows->parts[i].sheets[k].text);
		text_done(&flows->parts[i].eve.text);
		said_rows_done(&flows->parts[i].said);
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
	for (unsigned i = 0; i < flows->plan.threads; i++) {
		struct flows_part *part = &flows->parts[i];

		for (size_t k = 0; k < LOGS; k++)
			text_clear(&part->sheets[k].text);
		text_clear(&part->eve.text);
		memset(part->asked, 0, sizeof part->asked);
		said_rows_done(&part->said);
		said_begin(part);
	}
	files_close(flows);
	return files_open(flows, why);
}

int flow_rows_end(struct flow_rows *flows, struct why *why)
{
	for (unsigned i = 0; i < flows->plan.threads; i++) {
		struct flows_part *part = &flows->parts[i];

		said_rows_end(&part->said);
		if (flows->logs[0].to != NULL)
			dns_rest(part, INT64_MAX);
		part_write(part, true);
	}
	return flows->failed == NULL ? KS_OK : draft_failed(flows->failed, flows->number, why);
}

struct draft *flow_rows_eve(struct flow_rows *flows)
{
	return flows->eve.to != NULL ? &flows->eve : NULL;
}

int flow_rows_keep(struct flow_rows *flows, struct why *why)
{
	int code = KS_OK;

	for (size_t i = 0; flows->logs[0].to != NULL && code == KS_OK && i < LOGS; i++)
		code = draft_keep(&flows->logs[i], why);
	return code != KS_OK || flows->eve.to == NULL ? code : draft_keep(&flows->eve, why);
}
