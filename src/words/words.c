#include "words/words.h"

const char *tr(enum lang lang, const char *msgid)
{
	(void)lang;
	return msgid;
}
