/* src/wire/personal_words.c - what the name of a field, or a word before a value, says of
 * it.  Words are cut at signs and at capitals: "cardNumber" is card and number. */
#include "wire/body.h"
#include "wire/personal.h"
#include <stdlib.h>

/* In the order of the alphabet. */
static const struct word_row {
	char word[16];
	unsigned hint;
} words[] = {
	{ "aaid", HINT_DEVICE }, { "accesskey", HINT_TOKEN },
	{ "accesstoken", HINT_TOKEN }, { "accountnumber", HINT_BANK },
	{ "addr", HINT_ADDRESS }, { "address", HINT_ADDRESS },
	{ "addressbook", HINT_CONTACT }, { "adid", HINT_DEVICE },
	{ "amex", HINT_CARD }, { "androidid", HINT_DEVICE }, { "apikey", HINT_TOKEN },
	{ "authtoken", HINT_TOKEN },
	{ "bankaccount", HINT_BANK }, { "card", HINT_CARD },
	{ "cardno", HINT_CARD }, { "cardnumber", HINT_CARD }, { "cc", HINT_CARD },
	{ "ccnum", HINT_CARD }, { "cell", HINT_PHONE }, { "cellphone", HINT_PHONE },
	{ "checksum", HINT_NOT }, { "clientid", HINT_DEVICE },
	{ "contact", HINT_CONTACT }, { "contacts", HINT_CONTACT },
	{ "creditcard", HINT_CARD }, { "date", HINT_NOT }, { "denwa", HINT_PHONE },
	{ "deviceid", HINT_DEVICE }, { "devid", HINT_DEVICE },
	{ "email", HINT_EMAIL }, { "fax", HINT_PHONE }, { "gaid", HINT_DEVICE },
	{ "guid", HINT_DEVICE }, { "hash", HINT_NOT }, { "host", HINT_NETWORK },
	{ "hosts", HINT_NETWORK }, { "hwid", HINT_DEVICE }, { "iban", HINT_BANK },
	{ "iccid", HINT_DEVICE | HINT_IMEI }, { "idfa", HINT_DEVICE },
	{ "idfv", HINT_DEVICE }, { "imei", HINT_DEVICE | HINT_IMEI },
	{ "imsi", HINT_DEVICE | HINT_IMEI }, { "individualno", HINT_MY_NUMBER },
	{ "invoice", HINT_NOT },
	{ "ip", HINT_NETWORK }, { "ipv4", HINT_NETWORK }, { "ipv6", HINT_NETWORK },
	{ "item", HINT_NOT }, { "jcb", HINT_CARD }, { "jusho", HINT_ADDRESS },
	{ "keitai", HINT_PHONE },
	{ "kojinbango", HINT_MY_NUMBER }, { "kojinbangou", HINT_MY_NUMBER },
	{ "kouza", HINT_BANK }, { "koza", HINT_BANK }, { "lat", HINT_LATITUDE },
	{ "latitude", HINT_LATITUDE }, { "lng", HINT_LONGITUDE },
	{ "lon", HINT_LONGITUDE }, { "long", HINT_LONGITUDE },
	{ "longitude", HINT_LONGITUDE }, { "mac", HINT_DEVICE | HINT_MAC },
	{ "macaddr", HINT_DEVICE | HINT_MAC },
	{ "macaddress", HINT_DEVICE | HINT_MAC }, { "machineid", HINT_DEVICE },
	{ "mail", HINT_EMAIL }, { "mailto", HINT_EMAIL }, { "mastercard", HINT_CARD },
	{ "meid", HINT_DEVICE | HINT_IMEI }, { "mobile", HINT_PHONE },
	{ "msisdn", HINT_PHONE }, { "myno", HINT_MY_NUMBER }, { "mynum", HINT_MY_NUMBER },
	{ "mynumber", HINT_MY_NUMBER },
	{ "nonce", HINT_NOT }, { "offset", HINT_NOT }, { "order", HINT_NOT },
	{ "pan", HINT_CARD }, { "pass", HINT_SECRET }, { "passcode", HINT_SECRET },
	{ "passphrase", HINT_SECRET }, { "passwd", HINT_SECRET },
	{ "password", HINT_SECRET }, { "phone", HINT_PHONE },
	{ "phonebook", HINT_CONTACT }, { "phonenumber", HINT_PHONE },
	{ "pin", HINT_SECRET }, { "postal", HINT_NOT }, { "pwd", HINT_SECRET },
	{ "ref", HINT_NOT }, { "secret", HINT_SECRET }, { "seq", HINT_NOT },
	{ "serial", HINT_DEVICE }, { "serialno", HINT_DEVICE },
	{ "serialnumber", HINT_DEVICE }, { "session", HINT_NOT },
	{ "size", HINT_NOT }, { "sn", HINT_DEVICE }, { "street", HINT_ADDRESS },
	{ "tel", HINT_PHONE }, { "telephone", HINT_PHONE }, { "telno", HINT_PHONE },
	{ "time", HINT_NOT }, { "timestamp", HINT_NOT }, { "token", HINT_TOKEN },
	{ "trace", HINT_NOT }, { "tracking", HINT_NOT }, { "ts", HINT_NOT },
	{ "txn", HINT_NOT }, { "udid", HINT_DEVICE }, { "uid", HINT_DEVICE },
	{ "url", HINT_NETWORK }, { "userpassword", HINT_SECRET },
	{ "uuid", HINT_DEVICE }, { "version", HINT_NOT }, { "visa", HINT_CARD },
	{ "zip", HINT_NOT },
};

static const struct {
	const char *word;
	unsigned hint;
} phrases[] = { /* anywhere, and in Japanese, which has no blanks */
	{ "\xe3\x82\xab\xe3\x83\xbc\xe3\x83\x89", HINT_CARD },		     /* card */
	{ "\xe5\x80\x8b\xe4\xba\xba\xe7\x95\xaa\xe5\x8f\xb7", HINT_MY_NUMBER }, /* kojin bangou */
	{ "\xe3\x83\x9e\xe3\x82\xa4\xe3\x83\x8a\xe3\x83\xb3\xe3\x83\x90\xe3\x83\xbc",
	    HINT_MY_NUMBER }, /* my number */
	{ "\xe5\x8f\xa3\xe5\xba\xa7", HINT_BANK },			     /* kouza */
	{ "\xe9\x8a\x80\xe8\xa1\x8c", HINT_BANK },			     /* ginkou */
	{ "\xe6\x94\xaf\xe5\xba\x97", HINT_BANK },			     /* shiten */
	{ "\xe8\xa8\x98\xe5\x8f\xb7", HINT_POST_BANK },		     /* kigou */
	{ "\xe9\x9b\xbb\xe8\xa9\xb1", HINT_PHONE },			     /* denwa */
	{ "\xe6\x90\xba\xe5\xb8\xaf", HINT_PHONE },			     /* keitai */
	{ "\xe3\x83\xa1\xe3\x83\xbc\xe3\x83\xab", HINT_EMAIL },		     /* mail */
	{ "\xe7\xb7\xaf\xe5\xba\xa6", HINT_LATITUDE },			     /* ido */
	{ "\xe7\xb5\x8c\xe5\xba\xa6", HINT_LONGITUDE },			     /* keido */
	{ "\xe3\x83\x91\xe3\x82\xb9\xe3\x83\xaf\xe3\x83\xbc\xe3\x83\x89", HINT_SECRET },
	{ "\xe6\x9a\x97\xe8\xa8\xbc", HINT_SECRET },			     /* anshou */
	{ "\xe4\xbd\x8f\xe6\x89\x80", HINT_ADDRESS },			     /* juusho */
	{ "\xe9\x80\xa3\xe7\xb5\xa1\xe5\x85\x88", HINT_CONTACT },	     /* renrakusaki */
};

static int word_order(const void *key, const void *row)
{
	return strcmp(key, ((const struct word_row *)row)->word);
}

static unsigned word_hint(struct span word)
{
	char key[sizeof words[0].word];

	if (word.left < 2 || word.left >= sizeof key)
		return 0;
	for (size_t i = 0; i < word.left; i++)
		key[i] = (char)(word.at[i] | 0x20);
	key[word.left] = '\0';
	const struct word_row *row = bsearch(key, words, sizeof words / sizeof *words,
	    sizeof *words, word_order);

	return row != NULL ? row->hint : 0;
}

static bool is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
static bool is_capital(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

/* Two words that mean something only together. */
static unsigned pair_hint(struct span first, struct span second)
{
	static const struct {
		const char *first, *second;
		unsigned hint;
	} pairs[] = { { "my", "number", HINT_MY_NUMBER }, { "my", "num", HINT_MY_NUMBER },
		{ "my", "no", HINT_MY_NUMBER }, { "kojin", "bango", HINT_MY_NUMBER },
		{ "kojin", "bangou", HINT_MY_NUMBER },
		{ "individual", "number", HINT_MY_NUMBER },
		{ "individual", "no", HINT_MY_NUMBER }, { "account", "number", HINT_BANK },
		{ "account", "no", HINT_BANK }, { "bank", "account", HINT_BANK },
		{ "bank", "acct", HINT_BANK }, { "device", "id", HINT_DEVICE },
		{ "android", "id", HINT_DEVICE }, { "machine", "id", HINT_DEVICE },
		{ "client", "id", HINT_DEVICE }, { "hardware", "id", HINT_DEVICE },
		{ "api", "key", HINT_TOKEN }, { "access", "key", HINT_TOKEN } };

	if (first.left < 2 || second.left < 2 || second.left > 7)
		return 0;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (word_is(first, pairs[i].first) && word_is(second, pairs[i].second))
			return pairs[i].hint;
	return 0;
}

/* The next word of a name: letters of one case, or one capital and small ones. */
static struct span word_cut(struct span *s)
{
	size_t n = 0;

	while (s->left > 0 && !is_letter(*s->at))
		(void)span_cut(s, 1);
	/* a word of capitals, or one that begins with a capital, or none */
	while (n < s->left && is_capital(s->at[n]))
		n++;
	if (n > 1 && n < s->left && is_letter(s->at[n]))
		n--;
	else
		while (n < s->left && is_letter(s->at[n]) && !is_capital(s->at[n]))
			n++;
	return n > 0 ? span_cut(s, n) : (struct span){ .left = 0 };
}

bool personal_names_secret(struct span name)
{
	/* what may stand behind the word for it */
	static const char *const behind[] = { "confirm", "confirmation", "repeat", "again", "new",
		"old", "value", "text", "plain", "field", "input" };
	bool ends = false, any = false;
	struct span before = { .left = 0 };

	for (struct span word; (word = word_cut(&name)).left > 0; before = word) {
		bool secret = (word_hint(word) | pair_hint(before, word)) & (HINT_SECRET | HINT_TOKEN);
		bool kept = false;

		for (size_t i = 0; i < sizeof behind / sizeof *behind; i++)
			kept |= word_is(word, behind[i]);
		any |= secret;
		ends = secret || (ends && kept);
	}
	return ends || !any; /* in Japanese the order says nothing */
}

unsigned personal_hints(struct span name)
{
	struct span before = { .left = 0 };
	unsigned hints = 0;
	bool wide = false;

	for (size_t i = 0; i < name.left; i++)
		wide |= name.at[i] >= 0x80;
	for (struct span rest = name, word; (word = word_cut(&rest)).left > 0; before = word) {
		unsigned hint = word_hint(word) | pair_hint(before, word);

		/* "card reader 7, serial 4539...": the nearest word says what it is */
		if (hint & HINT_DEVICE)
			hints &= ~(unsigned)HINT_CARD;
		hints |= hint;
	}
	for (size_t i = 0; wide && i < sizeof phrases / sizeof *phrases; i++)
		if (memmem(name.at, name.left, phrases[i].word, strlen(phrases[i].word)) != NULL)
			hints |= phrases[i].hint;
	return hints;
}
