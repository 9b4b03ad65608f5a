/* src/sense/transport_http.h - HTTP(S) GET by libcurl's multi interface on libuv. */
#ifndef KS_SENSE_TRANSPORT_HTTP_H
#define KS_SENSE_TRANSPORT_HTTP_H
struct hub_http;
void hub_http_free(struct hub_http *http);
#endif
