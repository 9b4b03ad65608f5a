/* src/wire/personal.h - personal data in clear content: what, how sure, and only masked.
 *
 * Numbers need neighbours that are no letters or digits, one kind of separator, and their
 * check digit: cards ISO/IEC 7812 (Luhn, and a known issuer; what is not named a card counts
 * only while most numbers of that form sent there pass), My Number (Japan, order of
 * the Ministry of Internal Affairs, one random number in eleven passes: a word for it is
 * needed as well), IMEI (Luhn), IBAN (ISO 13616).  Names of fields, and words just before a
 * value, are context.  Grades: certain (check digit or form, and context), likely,
 * possible.  Pages that a server sends to everybody are searched for certain things only.
 *
 * Found values are never kept: `masked` has the first two and last two characters (of a
 * secret none), `hash` (seeded) tells values apart. */
#ifndef KS_WIRE_PERSONAL_H
#define KS_WIRE_PERSONAL_H
#include "wire/said.h"

/* X(constant, word in answers) */
#define PERSONAL_CATEGORIES(X)                                                             \
	X(PERSONAL_CARD, "card")                                                           \
	X(PERSONAL_MY_NUMBER, "my_number")                                                 \
	X(PERSONAL_BANK, "bank_account")                                                   \
	X(PERSONAL_PHONE, "phone")                                                         \
	X(PERSONAL_EMAIL, "email")                                                         \
	X(PERSONAL_LOCATION, "location")                                                   \
	X(PERSONAL_PHOTO, "photo_location")                                                \
	X(PERSONAL_CONTACT, "contact")                                                     \
	X(PERSONAL_DEVICE, "device_id")                                                    \
	X(PERSONAL_CREDENTIAL, "credential")                                               \
	X(PERSONAL_ADDRESS, "address")
enum personal_category {
#define X(name, word) name,
	PERSONAL_CATEGORIES(X)
#undef X
	PERSONAL_ALL
};
enum grade { GRADE_POSSIBLE, GRADE_LIKELY, GRADE_CERTAIN };
const char *personal_word(uint8_t category);
const char *grade_word(uint8_t grade);

enum { MASKED_MAX = 40 };
/* First two and last two characters, stars between; shorter than five: stars alone. */
void value_mask(struct span value, char ret_masked[MASKED_MAX]);
/* The name of a field as it may be shown: masked where it holds an address or a number of
 * somebody ({"taro@mail.example": ...}).  What is returned is the name or ret_masked. */
struct span personal_key(struct span name, char ret_masked[MASKED_MAX]);
/* Does it have an @ or seven digits in a row, as what is no name? */
bool personal_no_name(struct span name);
/* Of a secret nothing is shown but stars: 4 for less than 8 characters, 8 for less than 16,
 * 12 for more. */
void secret_mask(struct span value, char ret_masked[MASKED_MAX]);

struct personal {
	uint8_t category, grade;
	uint64_t hash;
	char masked[MASKED_MAX];
};

struct personal_sink {
	void (*found)(void *context, const struct said_body *where, const struct personal *what);
	/* A number of a card's issuer, length and form with a wrong check digit, where a right
	 * one would have had that grade: one in ten of any numbers has a right one.  NULL: not
	 * wanted. */
	void (*doubt)(void *context, const struct said_body *where, enum grade grade);
	void *context;
};

enum personal_drawing { DRAWING_UNKNOWN, DRAWING_YES, DRAWING_NO };
/* tel1=03, tel2=1234, tel3=5678: fields one behind the other whose names differ by a number
 * that counts. */
enum { PIECES_ROOM = 32 };
struct personal_pieces {
	uint64_t stem; /* hash of the name before the number */
	unsigned index;
	uint8_t count, n;
	char joined[PIECES_ROOM];
};

/* One direction of one conversation.  Zero it, set the first three, then take. */
struct personal_search {
	const struct personal_sink *sink;
	uint64_t seed;
	struct mac own;	  /* the device's; zero when not known */
	bool from_server; /* the leaves to come are of an answer */
	/* its own: a latitude waits for its longitude */
	uint64_t number;
	bool has[2];
	int64_t micro[2];	/* millionths of a degree */
	uint8_t places[2];
	uint8_t positions;	/* numbers of a position seen in this message */
	uint8_t drawing;	/* is this text one of a drawing? */
	struct personal_pieces pieces;
};
void personal_take(struct personal_search *search, const struct said_body *leaf);
/* A credential that a protocol has by itself (said_credential). */
void personal_credential(const struct personal_search *search, struct span user,
    struct span secret, struct personal *ret_personal);

/* For personal*.c alone: what a name says of its value. */
enum personal_hint {
	HINT_CARD = 1, HINT_MY_NUMBER = 2, HINT_BANK = 4, HINT_PHONE = 8, HINT_EMAIL = 16,
	HINT_LATITUDE = 32, HINT_LONGITUDE = 64, HINT_DEVICE = 128, HINT_SECRET = 256,
	HINT_TOKEN = 512, HINT_ADDRESS = 1024, HINT_NOT = 2048, HINT_IMEI = 4096,
	HINT_MAC = 8192, HINT_NETWORK = 16384, HINT_CONTACT = 32768,
	HINT_POST_BANK = 65536 /* the symbol of an account of Japan's post bank */
};
unsigned personal_hints(struct span name);
struct personal_at {
	struct personal_search *search;
	const struct said_body *leaf;
	unsigned hints; /* of the field's name */
	bool everybody; /* a page that is the same for all */
};
void personal_say(const struct personal_at *at, enum personal_category category,
    enum grade grade, struct span value);
/* What is at text[from]: a number.  Returns how many bytes were looked at (at least 1). */
size_t personal_digits(const struct personal_at *at, struct span text, size_t from);
/* A phone with parentheses or dots that has a digit at text[from]; how many bytes from there
 * on belong to it, 0: it is none. */
size_t personal_written_phone(const struct personal_at *at, struct span text, size_t from);
/* One field of a number that is asked for in several. */
void personal_piece(const struct personal_at *at, struct span value);
/* 35 degrees, 40 minutes, 52.45 seconds north, and east of it: the first degree sign is at
 * text[from]. */
void personal_degrees(const struct personal_at *at, struct span text, size_t from);
/* The @ is at text[from]. */
void personal_email(const struct personal_at *at, struct span text, size_t from);
void personal_coordinates(const struct personal_at *at, struct span text, size_t from);
void personal_address(const struct personal_at *at, struct span text);
/* Secrets in an address, or in a value of one. */
void personal_uri(const struct personal_at *at, struct span text);
void personal_field(const struct personal_at *at, struct span value);
/* Latitude (0) or longitude (1), the other half is to come or was there. */
void personal_half_place(const struct personal_at *at, struct span value, int which);
void personal_place_say(const struct personal_at *at, enum personal_category category,
    enum grade grade, const int64_t micro[2]);
void personal_places(const struct personal_at *at, struct span text);
/* One number of "coordinates". */
void personal_position(const struct personal_at *at, struct span value);
/* Does the name end in the word for a secret?  "password", "newPassword2" do,
 * "password_min_length" and "passwordless" do not. */
bool personal_names_secret(struct span name);
bool personal_luhn(const char *digits, size_t n);
#endif
