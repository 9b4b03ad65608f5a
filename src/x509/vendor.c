/* src/x509/vendor.c - whose name a certificate bears.  A vendor is a row of data; a
 * certificate that names one must lead to a root known to the public, or to a genuine
 * issuer's key that such lists lack. */
#include "x509/inside.h"
#include "base/utf8.h"
#include <openssl/objects.h>

enum { FOLDED = 512 };

struct vendor {
	const char *name;
	const char *marks[6]; /* folded; one with a blank at an end asks for a word's end there */
};

/* Makers of systems and programs, and public issuers.  Makers of devices are left out:
 * their boxes ship with certificates of their own making, truly named. */
static const struct vendor vendors[] = {
	{ "Microsoft", { "microsoft", "windows update", "windows production" } },
	{ "Google", { "google" } },
	{ "Apple", { " apple inc ", " apple computer ", " apple root ", " apple certification " } },
	{ "Adobe", { " adobe " } },
	{ "Amazon", { " amazon com ", " amazon web services ", " amazon technologies " } },
	{ "Mozilla", { "mozilla" } },
	{ "Facebook", { "facebook", " meta platforms " } },
	{ "Oracle", { " oracle america ", " oracle corporation " } },
	{ "NVIDIA", { "nvidia" } },
	{ "Cloudflare", { "cloudflare" } },
	{ "DigiCert", { "digicert" } },
	{ "VeriSign", { "verisign" } },
	{ "Symantec", { "symantec" } },
	{ "GlobalSign", { "globalsign" } },
	{ "Entrust", { " entrust " } },
	{ "Sectigo", { "sectigo", " comodo ca " } },
	{ "GoDaddy", { "godaddy" } },
	{ "Let's Encrypt", { " let s encrypt ", "letsencrypt" } },
	{ "GeoTrust", { "geotrust" } },
	{ "Thawte", { "thawte" } },
	{ "SECOM", { " secom trust " } },
	{ "Cybertrust Japan", { " cybertrust japan " } },
};

/* Genuine issuers that today's public lists lack, retired ones and vendors' own: the
 * SHA-256 of their public keys (SubjectPublicKeyInfo). */
static const struct {
	const char *issuer;
	uint8_t sha256[CERT_SHA256];
} known_keys[] = {
#include "x509/known_keys.inc"
};

bool vendor_knows_key(const uint8_t key_sha256[CERT_SHA256])
{
	for (size_t i = 0; i < sizeof known_keys / sizeof *known_keys; i++)
		if (memcmp(known_keys[i].sha256, key_sha256, CERT_SHA256) == 0)
			return true;
	return false;
}

/* Characters that pass for a Latin letter (Unicode confusables, the common ones). */
static const struct { uint16_t looks; char is; } alike[] = {
	{ 0x0430, 'a' }, { 0x0410, 'a' }, { 0x03b1, 'a' }, { 0x0391, 'a' }, { 0x0432, 'b' },
	{ 0x0412, 'b' }, { 0x0392, 'b' }, { 0x0441, 'c' }, { 0x0421, 'c' }, { 0x03f2, 'c' },
	{ 0x0501, 'd' }, { 0x0435, 'e' }, { 0x0415, 'e' }, { 0x0395, 'e' }, { 0x04bb, 'h' },
	{ 0x041d, 'h' }, { 0x0397, 'h' }, { 0x0456, 'i' }, { 0x0406, 'i' }, { 0x03b9, 'i' },
	{ 0x0399, 'i' }, { 0x0131, 'i' }, { 0x0458, 'j' }, { 0x043a, 'k' }, { 0x041a, 'k' },
	{ 0x03ba, 'k' }, { 0x039a, 'k' }, { 0x043c, 'm' }, { 0x041c, 'm' }, { 0x039c, 'm' },
	{ 0x039d, 'n' }, { 0x043e, 'o' }, { 0x041e, 'o' }, { 0x03bf, 'o' }, { 0x039f, 'o' },
	{ 0x0440, 'p' }, { 0x0420, 'p' }, { 0x03c1, 'p' }, { 0x03a1, 'p' }, { 0x0455, 's' },
	{ 0x0405, 's' }, { 0x0442, 't' }, { 0x0422, 't' }, { 0x03c4, 't' }, { 0x03a4, 't' },
	{ 0x0445, 'x' }, { 0x0425, 'x' }, { 0x03c7, 'x' }, { 0x03a7, 'x' }, { 0x0443, 'y' },
	{ 0x0423, 'y' }, { 0x03c5, 'y' }, { 0x03a5, 'y' }, { 0x0396, 'z' }, { 0x217c, 'l' },
};

/* One character as the letter it passes for; 0: it does not show; ' ': a gap. */
static char look(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xfee0; /* full width */
	if (c >= 'A' && c <= 'Z')
		return (char)(c + 32);
	if (c >= 'a' && c <= 'z')
		return (char)c;
	if (c == '0')
		return 'o';
	if (c == '1' || c == '|')
		return 'l';
	if (c >= '2' && c <= '9')
		return (char)c;
	if (c == 0xad || (c >= 0x200b && c <= 0x200f) || c == 0x2060 || c == 0xfeff ||
	    (c >= 0x300 && c <= 0x36f))
		return '\0';
	for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
		if (alike[i].looks == c)
			return alike[i].is;
	if (c >= 0xc0 && c <= 0xff)
		return "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"[c - 0xc0];
	return ' ';
}

/* text as words between single blanks, " microsoft corporation ", look-alikes seen
 * through; "rn" becomes "m" in texts and marks alike. */
static void fold(struct span text, char to[FOLDED])
{
	size_t n = 0;

	to[n++] = ' ';
	while (text.left > 0 && n < FOLDED - 2) {
		uint32_t c = 0;
		char letter = utf8_cut(&text, &c) ? look(c) : ' ';

		if (letter == '\0' || (letter == ' ' && to[n - 1] == ' '))
			continue;
		if (letter == 'n' && to[n - 1] == 'r')
			to[n - 1] = 'm';
		else
			to[n++] = letter;
	}
	if (to[n - 1] != ' ')
		to[n++] = ' ';
	to[n] = '\0';
}

const char *vendor_named(struct span utf8)
{
	char text[FOLDED], mark[FOLDED];

	fold(utf8, text);
	for (size_t i = 0; i < sizeof vendors / sizeof *vendors; i++)
		for (size_t k = 0; k < 6 && vendors[i].marks[k] != NULL; k++) {
			const char *raw = vendors[i].marks[k];
			size_t n = strlen(raw);

			fold(span_of(raw, n), mark);
			mark[raw[n - 1] == ' ' ? strlen(mark) : strlen(mark) - 1] = '\0';
			if (strstr(text, raw[0] == ' ' ? mark : mark + 1) != NULL)
				return vendors[i].name;
		}
	return NULL;
}

static const char *vendor_in(const X509_NAME *name)
{
	static const int parts[] = { NID_organizationName, NID_organizationalUnitName,
		NID_commonName };
	const char *vendor = NULL;

	for (int i = 0; i < X509_NAME_entry_count(name) && vendor == NULL; i++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
		int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
		unsigned char *utf8 = NULL;

		if (nid != parts[0] && nid != parts[1] && nid != parts[2])
			continue;
		int n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));

		if (n > 0)
			vendor = vendor_named(span_of(utf8, (size_t)n));
		OPENSSL_free(utf8);
	}
	return vendor;
}

const char *vendor_of(X509 *x)
{
	const char *vendor = vendor_in(X509_get_subject_name(x));

	return vendor != NULL ? vendor : vendor_in(X509_get_issuer_name(x));
}
