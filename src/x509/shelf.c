/* src/x509/shelf.c - certificates that were opened before. */
#include "x509/inside.h"
#include <stdlib.h>

struct cert_shelf {
	struct {
		const uint8_t *at; /* NULL: free */
		size_t left;
		X509 *x;
	} places[LIMIT_CERT_SHELF];
};

struct cert_shelf *cert_shelf_new(void)
{
	return calloc(1, sizeof(struct cert_shelf));
}

void cert_shelf_free(struct cert_shelf *shelf)
{
	for (size_t i = 0; shelf != NULL && i < LIMIT_CERT_SHELF; i++)
		X509_free(shelf->places[i].x);
	free(shelf);
}

/* One place for each address: who comes later takes it. */
X509 *cert_open_kept(struct cert_shelf *shelf, struct span der)
{
	size_t i = ((uintptr_t)der.at * UINT64_C(0x9e3779b97f4a7c15) >> 40) % LIMIT_CERT_SHELF;
	X509 *x;

	if (shelf == NULL)
		return cert_open(der);
	x = shelf->places[i].x;
	if (x == NULL || shelf->places[i].at != der.at || shelf->places[i].left != der.left) {
		x = cert_open(der);
		if (x == NULL)
			return NULL;
		X509_free(shelf->places[i].x);
		shelf->places[i].at = der.at;
		shelf->places[i].left = der.left;
		shelf->places[i].x = x;
	}
	return X509_up_ref(x) == 1 ? x : NULL;
}
