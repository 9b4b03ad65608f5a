/* src/wire/clear.c - see clear.h. */
#include "wire/clear.h"
#include "base/drop.h"
#include "base/limits.h"
#include "wire/decode.h"
#include <math.h>

/* Of 20 random bytes 19 look like text once in ten million, of 32 all but four. */
enum { LEAST = 20, LEAST_SKEW = 48, HEAD = 256, FEW = 32, MOSTLY = 85, NEARLY_ALL = 95 };
/* Entropy in bits over log2(min(n, 256)): random bytes 0.96 at 64 and 0.90 at 256 bytes,
 * base64 0.86 and 0.72, text 0.68 and 0.56, text under XOR the same as text. */
static const double random_least = 0.82;
/* chi-square of 256 classes: random and deflate up to 386, base64 1026, text 3837. */
static const double skew_least = 600;

static const struct {
	const char *bytes;
	uint8_t n, at;
	const char *how;
} magics[] = {
	{ "\x1f\x8b", 2, 0, "gzip" }, { "PK\3\4", 4, 0, "zip" }, { "BZh", 3, 0, "bzip2" },
	{ "\xfd" "7zXZ", 5, 0, "xz" }, { "\x28\xb5\x2f\xfd", 4, 0, "zstd" },
	{ "7z\xbc\xaf", 4, 0, "7z" }, { "Rar!", 4, 0, "rar" }, { "\x04\x22\x4d\x18", 4, 0, "lz4" },
	{ "\xff\xd8\xff", 3, 0, "jpeg" }, { "\x89PNG", 4, 0, "png" }, { "GIF8", 4, 0, "gif" },
	{ "%PDF", 4, 0, "pdf" }, { "ftyp", 4, 4, "mp4" }, { "OggS", 4, 0, "ogg" },
	{ "ID3", 3, 0, "mp3" }, { "RIFF", 4, 0, "riff" }, { "\x7f" "ELF", 4, 0, "elf" },
	{ "MZ", 2, 0, "exe" }, { "\x78\x01", 2, 0, "zlib" }, { "\x78\x9c", 2, 0, "zlib" },
	{ "\x78\xda", 2, 0, "zlib" }, { "SQLite", 6, 0, "sqlite" },
};

const char *clear_word(uint8_t verdict)
{
	static const char *const words[] = { "too-little", "readable", "coded", "random" };

	return verdict <= CLEAR_RANDOM ? words[verdict] : "";
}

bool port_is_secret(uint16_t port)
{
	static const uint16_t ports[] = { 443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995,
		2376, 3269, 5061, 5223, 5671, 6697, 8443, 8883 };

	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
		if (ports[i] == port)
			return true;
	return false;
}

/* Bits a byte, and chi-square against even use of all 256 values. */
static void measure(struct span s, double *ret_bits, double *ret_chi)
{
	uint32_t count[256] = { 0 };
	double bits = 0, chi = 0, even = (double)s.left / 256;

	for (size_t i = 0; i < s.left; i++)
		count[s.at[i]]++;
	for (int i = 0; i < 256; i++) {
		double share = (double)count[i] / (double)s.left, off = (double)count[i] - even;

		if (count[i] > 0)
			bits -= share * log2(share);
		chi += off * off / even;
	}
	*ret_bits = bits;
	*ret_chi = chi;
}

/* It opens, and to something. */
static bool zlib_holds(struct span s)
{
	KS_DROP(text) struct text plain = { 0 };

	text_init(&plain, LIMIT_BODY_PLAIN);
	(void)!unzip(s, &plain);
	uint8_t verdict = text_span(&plain).left < FEW ? CLEAR_RANDOM : clear_judge(text_span(&plain)).verdict;

	return verdict == CLEAR_READABLE || verdict == CLEAR_CODED;
}

/* A beginning of two or three bytes is met by chance: what follows must fit as well. */
static bool magic_holds(struct span s, const char *how)
{
	if (strcmp(how, "gzip") == 0)
		return s.at[2] == 8 && (s.at[3] & 0xe0) == 0;
	if (strcmp(how, "bzip2") == 0)
		return memcmp(s.at + 4, "1AY&SY", 6) == 0;
	if (strcmp(how, "mp3") == 0)
		return s.at[3] <= 4 && (s.at[5] & 0x0f) == 0 && ((s.at[6] | s.at[7]) & 0x80) == 0;
	if (strcmp(how, "exe") == 0) /* where the newer head is */
		return s.left >= 64 && s.at[62] == 0 && s.at[63] == 0;
	return strcmp(how, "zlib") != 0 || zlib_holds(s);
}

struct clear_judged clear_judge(struct span bytes)
{
	struct clear_judged is = { CLEAR_TOO_LITTLE, "" };
	struct span head = span_of(bytes.at, bytes.left < HEAD ? bytes.left : HEAD);
	double bits = 0, chi = 0;

	if (bytes.left < LEAST)
		return is;
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
		if (bytes.left >= (size_t)(magics[i].at + magics[i].n) &&
		    memcmp(bytes.at + magics[i].at, magics[i].bytes, magics[i].n) == 0 &&
		    magic_holds(bytes, magics[i].how))
			return (struct clear_judged){ CLEAR_CODED, magics[i].how };
	if (readable_percent(head) >= (bytes.left < FEW ? NEARLY_ALL : MOSTLY)) {
		if (base64_looks(span_trim(head)))
			return (struct clear_judged){ CLEAR_CODED, "base64" };
		return (struct clear_judged){ CLEAR_READABLE, "" };
	}
	if (bytes.left < LEAST_SKEW)
		return is;
	measure(bytes, &bits, &chi);
	double most = log2(bytes.left < 256 ? (double)bytes.left : 256);

	if (bits < random_least * most || (bytes.left >= 2 * HEAD && chi > skew_least))
		return (struct clear_judged){ CLEAR_CODED, "skewed" };
	return (struct clear_judged){ CLEAR_RANDOM, "" };
}

struct clear_judged clear_judge_both(const struct span first[2])
{
	struct clear_judged a = clear_judge(first[0]), b = clear_judge(first[1]);

	if (a.verdict == CLEAR_TOO_LITTLE)
		return b;
	return b.verdict == CLEAR_TOO_LITTLE || a.verdict <= b.verdict ? a : b;
}
