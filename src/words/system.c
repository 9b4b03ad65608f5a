/* src/words/system.c - sentences of the C library, libuv and libcurl that reach people
 * as an argument of ours: listed so that the catalogue has them (format.c says an
 * argument that is a sentence of the catalogue in the reader's language). */
#include "words/catalogue.h"
#include "words/words.h"

const char *const system_sentences[] = {
	N_("No such file or directory"), N_("Permission denied"), N_("Is a directory"),
	N_("Not a directory"), N_("No space left on device"), N_("Read-only file system"),
	N_("Input/output error"), N_("Bad file descriptor"), N_("Too many open files"),
	N_("File exists"), N_("Operation not permitted"), N_("Connection refused"),
	N_("No route to host"), N_("Network is unreachable"), N_("Connection timed out"),
	N_("Connection reset by peer"), N_("Address already in use"),
	N_("Cannot assign requested address"), N_("Disk quota exceeded"), N_("Broken pipe"),
	/* libuv */
	N_("no such file or directory"), N_("permission denied"),
	N_("illegal operation on a directory"), N_("no space left on device"),
	N_("connection refused"), N_("host is unreachable"), N_("network is unreachable"),
	N_("connection timed out"), N_("connection reset by peer"), N_("address already in use"),
	N_("unknown node or service"), N_("temporary failure"),
	/* libcurl */
	N_("Couldn't connect to server"), N_("Couldn't resolve host name"),
	N_("Timeout was reached"), N_("Server returned nothing (no headers, no data)"), NULL,
};
