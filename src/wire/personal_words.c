/* src/wire/personal_words.c - what the name of a field, or a word before a value, says of
 * it.  Words are cut at signs and at capitals: "cardNumber" is card and number. */
#include "wire/body.h"
#include "wire/personal.h"

static const struct {
	const char *word;
	unsigned hint;
} words[] = {
	{ "card", HINT_CARD }, { "pan", HINT_CARD }, { "cc", HINT_CARD },
	{ "ccnum", HINT_CARD }, { "creditcard", HINT_CARD }, { "cardnumber", HINT_CARD },
	{ "cardno", HINT_CARD }, { "visa", HINT_CARD }, { "mastercard", HINT_CARD },
	{ "jcb", HINT_CARD }, { "amex", HINT_CARD },
	{ "mynumber", HINT_MY_NUMBER }, { "kojinbango", HINT_MY_NUMBER },
	{ "bank", HINT_BANK }, { "iban", HINT_BANK }, { "branch", HINT_BANK },
	{ "koza", HINT_BANK }, { "kouza", HINT_BANK }, { "accountnumber", HINT_BANK },
	{ "bankaccount", HINT_BANK },
	{ "tel", HINT_PHONE }, { "phone", HINT_PHONE }, { "mobile", HINT_PHONE },
	{ "telephone", HINT_PHONE }, { "cellphone", HINT_PHONE }, { "fax", HINT_PHONE },
	{ "msisdn", HINT_PHONE }, { "phonenumber", HINT_PHONE }, { "telno", HINT_PHONE },
	{ "keitai", HINT_PHONE }, { "cell", HINT_PHONE }, { "denwa", HINT_PHONE },
	{ "mail", HINT_EMAIL }, { "email", HINT_EMAIL }, { "mailto", HINT_EMAIL },
	{ "lat", HINT_LATITUDE }, { "latitude", HINT_LATITUDE },
	{ "lon", HINT_LONGITUDE }, { "lng", HINT_LONGITUDE }, { "long", HINT_LONGITUDE },
	{ "longitude", HINT_LONGITUDE },
	{ "imei", HINT_DEVICE | HINT_IMEI }, { "meid", HINT_DEVICE | HINT_IMEI },
	{ "imsi", HINT_DEVICE | HINT_IMEI }, { "iccid", HINT_DEVICE | HINT_IMEI },
	{ "serial", HINT_DEVICE }, { "serialno", HINT_DEVICE }, { "serialnumber", HINT_DEVICE },
	{ "sn", HINT_DEVICE }, { "udid", HINT_DEVICE }, { "idfa", HINT_DEVICE },
	{ "idfv", HINT_DEVICE }, { "gaid", HINT_DEVICE }, { "aaid", HINT_DEVICE },
	{ "adid", HINT_DEVICE }, { "androidid", HINT_DEVICE }, { "deviceid", HINT_DEVICE },
	{ "devid", HINT_DEVICE }, { "hwid", HINT_DEVICE }, { "machineid", HINT_DEVICE },
	{ "clientid", HINT_DEVICE }, { "uid", HINT_DEVICE }, { "uuid", HINT_DEVICE },
	{ "guid", HINT_DEVICE }, { "mac", HINT_DEVICE | HINT_MAC },
	{ "macaddress", HINT_DEVICE | HINT_MAC }, { "macaddr", HINT_DEVICE | HINT_MAC },
	{ "password", HINT_SECRET }, { "passwd", HINT_SECRET }, { "pwd", HINT_SECRET },
	{ "pass", HINT_SECRET }, { "passphrase", HINT_SECRET }, { "passcode", HINT_SECRET },
	{ "pin", HINT_SECRET }, { "secret", HINT_SECRET }, { "userpassword", HINT_SECRET },
	{ "token", HINT_TOKEN }, { "apikey", HINT_TOKEN }, { "accesskey", HINT_TOKEN },
	{ "authtoken", HINT_TOKEN }, { "accesstoken", HINT_TOKEN },
	{ "address", HINT_ADDRESS }, { "addr", HINT_ADDRESS }, { "street", HINT_ADDRESS },
	{ "jusho", HINT_ADDRESS }, { "zip", HINT_NOT }, { "postal", HINT_NOT },
	{ "contact", HINT_CONTACT }, { "contacts", HINT_CONTACT },
	{ "phonebook", HINT_CONTACT }, { "addressbook", HINT_CONTACT },
	{ "ip", HINT_NETWORK }, { "ipv4", HINT_NETWORK }, { "ipv6", HINT_NETWORK },
	{ "url", HINT_NETWORK }, { "host", HINT_NETWORK }, { "hosts", HINT_NETWORK },
	/* numbers of things, times and messages */
	{ "order", HINT_NOT }, { "ref", HINT_NOT }, { "seq", HINT_NOT }, { "ts", HINT_NOT },
	{ "time", HINT_NOT }, { "timestamp", HINT_NOT }, { "trace", HINT_NOT },
	{ "tracking", HINT_NOT }, { "txn", HINT_NOT }, { "nonce", HINT_NOT },
	{ "session", HINT_NOT }, { "date", HINT_NOT }, { "hash", HINT_NOT },
	{ "invoice", HINT_NOT }, { "item", HINT_NOT }, { "size", HINT_NOT },
	{ "version", HINT_NOT }, { "checksum", HINT_NOT }, { "offset", HINT_NOT },
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

static unsigned word_hint(struct span word)
{
	if (word.left < 2)
		return 0;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if ((words[i].word[0] == (char)(word.at[0] | 0x20)) && word_is(word, words[i].word))
			return words[i].hint;
	return 0;
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
	} pairs[] = { { "my", "number", HINT_MY_NUMBER }, { "account", "number", HINT_BANK },
		{ "account", "no", HINT_BANK }, { "device", "id", HINT_DEVICE },
		{ "android", "id", HINT_DEVICE }, { "machine", "id", HINT_DEVICE },
		{ "client", "id", HINT_DEVICE }, { "hardware", "id", HINT_DEVICE },
		{ "api", "key", HINT_TOKEN }, { "access", "key", HINT_TOKEN } };

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (word_is(first, pairs[i].first) && word_is(second, pairs[i].second))
			return pairs[i].hint;
	return 0;
}

unsigned personal_hints(struct span name)
{
	struct span before = { .left = 0 };
	unsigned hints = 0;
	bool wide = false;

	for (size_t i = 0; i < name.left;) {
		size_t n = i;

		wide |= name.at[i] >= 0x80;
		if (!is_letter(name.at[i])) {
			i++;
			continue;
		}
		/* a word of capitals, or one that begins with a capital, or none */
		while (n < name.left && is_capital(name.at[n]))
			n++;
		if (n - i > 1 && n < name.left && is_letter(name.at[n]))
			n--;
		else
			while (n < name.left && is_letter(name.at[n]) && !is_capital(name.at[n]))
				n++;
		if (n == i)
			n++;
		struct span word = span_of(name.at + i, n - i);

		hints |= word_hint(word) | pair_hint(before, word);
		before = word;
		i = n;
	}
	for (size_t i = 0; wide && i < sizeof phrases / sizeof *phrases; i++)
		if (memmem(name.at, name.left, phrases[i].word, strlen(phrases[i].word)) != NULL)
			hints |= phrases[i].hint;
	return hints;
}
