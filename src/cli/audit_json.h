/* src/cli/audit_json.h - what the two halves of keisoku.audit/1 share. */
#ifndef KS_CLI_AUDIT_JSON_H
#define KS_CLI_AUDIT_JSON_H
#include "cli/audit_show.h"

void json_texts(struct json *json, const char *key, const char *const *texts, size_t n);
/* "device": its address, else its MAC; null for none. */
void json_device(struct json *json, const struct audit *audit, uint32_t device);
/* The frame's number in its file, and which file when there are several. */
void json_frame(struct json *json, const struct audit *audit, uint64_t frame);
/* http, tls, certificates, personal, listed, periodic, traceroutes, silence */
void audit_json_said(struct json *json, const struct audit *audit);
#endif
