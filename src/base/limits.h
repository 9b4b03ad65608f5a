/* src/base/limits.h - every maximum keisoku has, one row each: the constant, and
 * the sentence `keisoku limits` prints.  Hitting one is KS_FULL, counted, visible. */
#ifndef KS_BASE_LIMITS_H
#define KS_BASE_LIMITS_H

/* X(name, value, what it bounds) - the sentence is a msgid of the catalogue */
#define KS_LIMITS(X)                                                                   \
	X(LIMIT_SITE_BYTES, 64L * 1024 * 1024, "bytes of a site file")                 \
	X(LIMIT_SITE_MEMORY, 512L * 1024 * 1024, "bytes of memory for one loaded site") \
	X(LIMIT_SITE_LINE, 4096, "bytes of one line of a site file")                   \
	X(LIMIT_SITE_ERRORS, 20, "errors said about one site file")                    \
	X(LIMIT_SITE_THINGS, 1000000, "things (lines) in one site file")               \
	X(LIMIT_NAME, 63, "bytes of an ID or a name of a thing")                       \
	X(LIMIT_SITE_KEYS, 64, "keys of one kind of thing")                             \
	X(LIMIT_PERIODS, 4096, "days off, hours and calendar events of one calendar")  \
	X(LIMIT_ICS_BYTES, 4L * 1024 * 1024, "bytes of one calendar file (ICS)")       \
	X(LIMIT_ZONE_TURNS, 4096, "clock changes of one time zone")                    \
	X(LIMIT_CORDS, 8, "cords of one host")                                         \
	X(LIMIT_DEPENDENCIES, 1024, "dependencies of one service")                       \
	X(LIMIT_DEVICE_READINGS, 2048, "readings one device may offer")                \
	X(LIMIT_DEVICE_VARBINDS, 16384, "SNMP variables read from one device")         \
	X(LIMIT_REPLY_BYTES, 1L * 1024 * 1024, "bytes of one reply of a device")       \
	X(LIMIT_MESSAGE, 16384, "bytes of a message between roles")                    \
	X(LIMIT_POLL_FLIGHT, 256, "devices asked at the same time")                    \
	X(LIMIT_POLL_HOST_FLIGHT, 64, "questions under way to one host address")       \
	X(LIMIT_POLL_BACKOFF_S, 300, "seconds between tries of a device that does not answer") \
	X(LIMIT_POLL_TALK_S, 60, "seconds for all questions of one poll of a device")  \
	X(LIMIT_POLL_SESSIONS, 32768, "SNMP sessions kept open")                       \
	X(LIMIT_POLL_COMMAND_S, 20, "seconds for a sensor command")                    \
	X(LIMIT_CHANNEL_QUEUE, 1048576, "bytes waiting between two roles")             \
	X(LIMIT_SECRET_BYTES, 65536, "bytes of one secret")                            \
	X(LIMIT_SECRETS, 4096, "secrets one site may name")                            \
	X(LIMIT_RUNS, 32, "commands the runner executes at once")                      \
	X(LIMIT_BATCHES, 4096, "remote-write messages waiting for the store")          \
	X(LIMIT_SERIES, 1000000, "series in the store")                                \
	X(LIMIT_LABELS_BYTES, 2048, "bytes of the labels of one series")               \
	X(LIMIT_LABELS, 64, "labels of one series")                                    \
	X(LIMIT_PLAIN_BYTES, 64L * 1024 * 1024, "bytes of one remote-write request when unpacked") \
	X(LIMIT_BODIES_BYTES, 64L * 1024 * 1024, "bytes of all requests being taken")  \
	X(LIMIT_WAITING_SAMPLES, 2500000, "samples of all requests that wait for the store") \
	X(LIMIT_REQUEST_BYTES, 32L * 1024 * 1024, "bytes of one remote-write request") \
	X(LIMIT_CHUNK_SAMPLES, 4194304, "samples of one series in one window or day")  \
	X(LIMIT_BATCH_SAMPLES, 4194304, "samples taken between two acknowledgements")  \
	X(LIMIT_JOURNAL_FRAME, 256L * 1024 * 1024, "bytes of one frame of the journal") \
	X(LIMIT_SAMPLE_FIRST_S, 946684800, "seconds since 1970 of the oldest time a sample may have (2000-01-01)") \
	X(LIMIT_SAMPLE_AHEAD_S, 315360000, "seconds a sample's time may lie ahead of now (10 years)") \
	X(LIMIT_LATE_SAMPLES, 262144, "late samples held in memory before they are written") \
	X(LIMIT_EAR_MEMORY, 512L * 1024 * 1024, "bytes of memory for the flows and streams of a capture") \
	X(LIMIT_FLOW_QUIET_S, 60, "seconds of silence after which a flow's next packet is a new contact") \
	X(LIMIT_GUESS_BYTES, 512, "first bytes of each side by which a protocol is found") \
	X(LIMIT_TALK_STATE, 8192, "bytes of state of one protocol parser")              \
	X(LIMIT_TALK_HOLD_ALL, 64L * 1024 * 1024, "bytes all protocol parsers of one thread may keep") \
	X(LIMIT_DRAW_ITEMS, 65536, "pieces of one drawing")                            \
	X(LIMIT_GATHER_NAMES, 64L * 1024 * 1024, "bytes of all names one thread keeps of a capture") \
	X(LIMIT_GATHER_HOSTS, 524288, "addresses one thread keeps of a capture")       \
	X(LIMIT_GATHER_RELATIONS, 262144, "pairs of who talks to whom one thread keeps of a capture") \
	X(LIMIT_GATHER_CONTACTS, 1048576, "contacts one thread keeps with their time") \
	X(LIMIT_GATHER_SAMPLES, 262144, "round trips and rates one thread keeps of a capture") \
	X(LIMIT_GATHER_DNS, 131072, "different questions for names one thread keeps")  \
	X(LIMIT_GATHER_HTTP, 65536, "HTTP requests one thread keeps one by one")       \
	X(LIMIT_GATHER_TLS, 65536, "TLS handshakes one thread keeps one by one")       \
	X(LIMIT_GATHER_CERTIFICATES, 16384, "certificates, and chains of them, one thread keeps") \
	X(LIMIT_GATHER_DER, 64L * 1024 * 1024, "bytes of all certificates one thread keeps") \
	X(LIMIT_GATHER_PERSONAL, 16384, "different personal data one thread keeps, masked") \
	X(LIMIT_GATHER_SAYINGS, 16384, "what devices say they are called, banners and oddities one thread keeps") \
	X(LIMIT_AUDIT_FINDINGS, 10000, "findings of one audit")                        \
	X(LIMIT_AUDIT_MEMORY, 1024L * 1024 * 1024, "bytes of memory for one finished audit") \
	X(LIMIT_PLAN_MEMORY, 1L * 1024 * 1024 * 1024, "bytes of memory for one plan")  \
	X(LIMIT_CAPTURE_INTERFACES, 65536, "interfaces of one capture file") \
	X(LIMIT_UNPACK_MEMORY, 256L * 1024 * 1024, "bytes of memory for unpacking an xz file") \
	X(LIMIT_TUNNELS, 24, "headers within each other in one frame") \
	X(LIMIT_IP6_EXTENSIONS, 8, "extension headers of one IPv6 packet") \
	X(LIMIT_FRAGMENT_PIECES, 64, "pieces of a fragmented IP datagram") \
	X(LIMIT_FRAGMENT_DATAGRAMS, 1024, "fragmented IP datagrams waiting for their rest") \
	X(LIMIT_FRAGMENT_MEMORY, 4L * 1024 * 1024, "bytes of memory for fragmented IP datagrams") \
	X(LIMIT_FRAGMENT_S, 30, "seconds a fragmented IP datagram waits for its rest") \
	X(LIMIT_FLOW_IDLE_S, 600, "seconds of silence after which a flow is forgotten") \
	X(LIMIT_FLOW_OPEN_S, 7200, "seconds of silence after which an open TCP connection is forgotten") \
	X(LIMIT_HOSTS_SEEN, 16L * 1024 * 1024, "slots for the addresses counted in a capture") \
	X(LIMIT_PROBE_TTL, 40, "highest TTL by which a packet may belong to a traceroute") \
	X(LIMIT_STREAM_QUEUE, 256 * 1024, "bytes of one TCP direction waiting behind a gap") \
	X(LIMIT_STREAM_SEGMENTS, 512, "segments of one TCP direction waiting behind a gap") \
	X(LIMIT_STREAM_WAIT_S, 5, "seconds a gap in a TCP stream is waited for") \
	X(LIMIT_STREAM_AHEAD, 8 * 1024 * 1024, "bytes a TCP segment may lie ahead of the expected one") \
	X(LIMIT_DNS_TCP, 65537, "bytes of one DNS message over TCP with its length") \
	X(LIMIT_HOST_NAME, 255, "bytes of a server's name kept with a flow") \
	X(LIMIT_EAR_THREADS, 16, "threads that listen to one capture") \
	X(LIMIT_FINDINGS, 4096, "findings open at once")                               \
	X(LIMIT_CERT_BYTES, 65536, "bytes of one certificate")                         \
	X(LIMIT_CERT_CHAIN, 16, "certificates of one chain that are looked at")        \
	X(LIMIT_TRUST_ROOTS, 4096, "roots of trust")                                   \
	X(LIMIT_TRUST_BYTES, 16L * 1024 * 1024, "bytes of a file of roots of trust")   \
	X(LIMIT_KEYLOG_SECRETS, 1000000, "secrets of a key log")                       \
	X(LIMIT_HTTP_HEAD, 262144, "bytes of one HTTP message's head that are read")     \
	X(LIMIT_HTTP_BODY, 1048576, "bytes of one HTTP message's body that are read")  \
	X(LIMIT_BODY_PLAIN, 4194304, "bytes of one message's content when unpacked")   \
	X(LIMIT_BODY_DEPTH, 4, "wrappings within wrappings that are opened")           \
	X(LIMIT_BODY_KEY, 512, "bytes of a field's name with those around it")         \
	X(LIMIT_BODY_LEAVES, 16384, "fields read of one message")                      \
	X(LIMIT_LISTS, 255, "block lists read at once")                                \
	X(LIMIT_LIST_SLOTS, 33554432, "places for entries of all block lists (three quarters are used)") \
	X(LIMIT_LIST_RANGES, 4194304, "ranges of addresses of all block lists")        \
	X(LIMIT_LIST_ABOUTS, 16000000, "different categories and times of entries of all block lists") \
	X(LIMIT_LIST_WORDS, 268435456, "bytes of categories and dates of all block lists") \
	X(LIMIT_LIST_TIMES, 16, "different times of validity of one entry of a block list") \
	X(LIMIT_LIST_URL, 2048, "bytes of one URL on a block list")                    \
	X(LIMIT_LIST_JSON, 67108864, "bytes of one block list in JSON")                \
	X(LIMIT_LETTER, 1048576, "bytes of one letter (mail) that are read")           \
	X(LIMIT_KEYLOG_BYTES, 67108864, "bytes of TLS secrets that are given")          \
	X(LIMIT_CAPTURE_NAMES, 65536, "names of addresses that captures bring with them") \
	X(LIMIT_CERT_SHELF, 1024, "certificates that are kept open while they are judged") \
	X(LIMIT_ACCEPTS, 4096, "findings of the wire that are accepted")               \
	X(LIMIT_REPEATS, 16384, "values of clear content watched for coming back")     \
	X(LIMIT_HAR_BYTES, 134217728, "bytes of one HAR (what a proxy saw)")           \
	X(LIMIT_CAPTURE_DAYS, 4000, "days between the first and last contact of one relation") \
	X(LIMIT_TRACKS, 512, "possible traceroutes watched at once")                   \
	X(LIMIT_TRACEROUTES, 16384, "traceroutes kept of one capture")                 \
	X(LIMIT_TLS_MESSAGE, 131072, "bytes of one handshake message of TLS")          \
	X(LIMIT_QUIC_CRYPTO, 32768, "bytes of handshake of one side of a QUIC connection") \
	X(LIMIT_QUIC_PACKETS, 64, "packets of one side of a QUIC handshake that are opened") \
	X(LIMIT_HTTP2_FRAME, 262144, "bytes of one frame of HTTP/2 that is no content") \
	X(LIMIT_TELLINGS, 512, "incidents that are told, or are about to be")         \
	X(LIMIT_TELL_FLIGHT, 16, "messages under way to channels at once")             \
	X(LIMIT_WISHES, 32, "things asked of keisoku that wait for their answer")      \
	X(LIMIT_WINDOWS, 256, "silences and maintenance windows asked for at once")    \
	X(LIMIT_ALERTS, 1024, "alerts of other systems open at once")                  \
	X(LIMIT_ALERTS_BYTES, 1048576, "bytes of one request with alerts of others")   \
	X(LIMIT_MESSAGE_BYTES, 65536, "bytes of one message to a channel")             \
	X(LIMIT_TOLD_BYTES, 16384, "bytes of a channel's answer that are read")        \
	X(LIMIT_WIRES, 8, "places where the network is listened to at once")           \
	X(LIMIT_WIRE_RING, 32L * 1024 * 1024, "bytes of packets the kernel keeps while the ear is busy, a wire") \
	X(LIMIT_WIRE_FLOWS, 128L * 1024 * 1024, "bytes of memory for the flows and streams the daemon follows") \
	X(LIMIT_WIRE_SHARE, 4, "part of what an audit may keep that an hour of the daemon may: one in so many") \
	X(LIMIT_WIRE_MEMORY, 1024L * 1024 * 1024, "bytes of memory of the role that listens") \
	X(LIMIT_WIRE_TABLE, 64L * 1024 * 1024, "bytes of a table of countries handed to the role that listens") \
	X(LIMIT_WIRE_ROWS, 8192, "rows the wire writes about one hour, each time it tells") \
	X(LIMIT_WIRE_DEVICES, 1024, "devices of the wire told of in one hour")         \
	X(LIMIT_WIRE_DAYS, 92, "days the wire's hours are kept")                       \
	X(LIMIT_WIRE_LEARN_DAYS, 28, "days of contacts from which periods are learned") \
	X(LIMIT_WIRE_LEARN_EACH, 1024, "newest contacts of each pair that are learned from one by one, older ones by the hour") \
	X(LIMIT_WIRE_LEARNED, 8L * 1024 * 1024, "bytes that the store keeps of contacts from which periods are learned") \
	X(LIMIT_WIRE_LEARNED_PART, 1L * 1024 * 1024, "bytes of it told of an hour before its end") \
	X(LIMIT_WIRE_LEARNED_PARTS, 8, "such hours kept until they are part of the whole") \
	X(LIMIT_WIRE_LEARNED_GAPS, 128, "stretches remembered in which nobody listened") \
	X(LIMIT_WIRE_FINDINGS, 512, "findings of the wire open at once")               \
	X(LIMIT_WIRE_SERIES, 1024, "devices whose bytes are kept as series")           \
	X(LIMIT_CONNECTIONS, 8192, "connections to the page")                          \
	X(LIMIT_HANDSHAKES, 2048, "TLS connections to the page whose handshake is not over")  \
	X(LIMIT_USERS, 200, "users and tokens of the page")                            \
	X(LIMIT_SESSIONS, 256, "people logged in to the page at once")                 \
	X(LIMIT_SESSIONS_USER, 16, "places where one person is logged in at once")     \
	X(LIMIT_TRIES, 2048, "addresses, and names, whose wrong passwords are counted") \
	X(LIMIT_LOGINS, 32, "logins that wait for their check; one is checked at a time") \
	X(LIMIT_LOGINS_ADDRESS, 2, "logins of one address that wait for their check")  \
	X(LIMIT_CHECKS, 10, "passwords checked in one second")                         \
	X(LIMIT_TABLE_HOURS, 100000, "hours of one table")                             \
	X(LIMIT_QUERY_TEXT, 16384, "bytes of one query")                                \
	X(LIMIT_QUERY_NODES, 2000, "parts of one query")                               \
	X(LIMIT_QUERY_DEPTH, 100, "expressions within expressions of one query")       \
	X(LIMIT_QUERY_ARGUMENTS, 64, "arguments of one function of a query")           \
	X(LIMIT_QUERY_SELECTS, 64, "selectors of one query")                           \
	X(LIMIT_QUERY_SERIES, 50000, "series one selector of a query looks at")       \
	X(LIMIT_QUERY_TAGS, 1000000, "sets of labels made by one query")               \
	X(LIMIT_QUERY_SAMPLES, 8000000, "samples one query keeps in memory")          \
	X(LIMIT_QUERY_STEPS, 1000000, "times one query is evaluated at, with its subqueries") \
	X(LIMIT_QUERY_POINTS, 11000, "points of one series in an answer")              \
	X(LIMIT_QUERY_COLUMNS, 256, "different labels of an answer as a table")          \
	X(LIMIT_QUERY_BYTES, 256L * 1024 * 1024, "bytes of memory of one query, its samples apart") \
	X(LIMIT_QUERY_S, 30, "seconds one query may take")                             \
	X(LIMIT_QUERIES_BYTES, 512L * 1024 * 1024, "bytes of memory of all queries")       \
	X(LIMIT_QUERIES, 32, "queries asked for at once")                              \
	X(LIMIT_REGEX_STEPS, 20000, "steps of one regular expression")                 \
	X(LIMIT_REGEX_GROUPS, 64, "groups of one regular expression")

enum ks_limit {
#define X(name, value, says) name = value,
	KS_LIMITS(X)
#undef X
};
#endif
