/* src/page/page.h - what keisoku answers over HTTP: /metrics, remote-write, the status
 * as JSON.  It keeps nothing and decides nothing: it asks core by message and hands
 * on what it is sent; 2xx only after core's acknowledgement.
 *
 * The role polls page_fd(0) and page_fd(1) for reading, and calls page_run() when one
 * is readable and every second; what core says goes to page_take(). */
#ifndef KS_PAGE_PAGE_H
#define KS_PAGE_PAGE_H
#include "base/zone.h"
#include "guard/message.h"
#include "site/model.h"

struct page;

/* PEM, PEM, and the users file; all empty: plain HTTP, nobody logs in.  Borrowed during
 * the call. */
struct page_files {
	struct span cert, key, users;
};

struct page_options {
	int listen_tcp, listen_unix; /* taken over; -1: none */
	uint64_t seed;
	struct page_files files;
	const char *store; /* its folder, read only; NULL: none.  Copied */
	void *user;
	int64_t (*mono_ms)(void *user); /* for deadlines */
	int (*random)(void *user, void *room, size_t n); /* KS_OK, or there are none */
	/* run(arg) in a thread, then done(arg) in the loop's own. */
	int (*work)(void *user, void (*run)(void *arg), void (*done)(void *arg), void *arg);
	void (*entry)(void *user, const struct entry *entry); /* for the log; NULL: none */
	/* To core.  KS_FULL: come again when page_drained() is called. */
	int (*send)(void *user, const struct parcel *parcel, struct why *why);
};

KS_MUST int page_new(const struct page_options *options, struct page **ret_page,
    struct why *why);
void page_free(struct page *page);
/* Changed files: they hold from now on, or, when they are wrong, the old ones still do. */
KS_MUST int page_access(struct page *page, const struct page_files *files, struct why *why);
/* Times a limit of its own was hit. */
uint64_t page_full(const struct page *page);
/* The name of the one hit last; "" none. */
const char *page_limit(const struct page *page);
/* which: 0 TCP, 1 unix; -1 when there is none. */
int page_fd(const struct page *page, unsigned which);
void page_run(struct page *page);
/* A query goes on in slices: call page_run() again as soon as others had their turn. */
bool page_busy(const struct page *page);
/* Every second: who listens is told what is new. */
void page_tick(struct page *page);

/* Borrowed until the next call; zone NULL: UTC. */
void page_site(struct page *page, const struct site *site, const struct zone *zone);
/* Core is there (again), or gone: what waited for it is answered 503. */
void page_core(struct page *page, bool there);
/* Why core does not start, until it is there. */
void page_core_says(struct page *page, const char *sentence);
void page_drained(struct page *page);
void page_take(struct page *page, const struct message *message);
#endif
