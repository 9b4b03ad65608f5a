/* Which addresses were met: a few wait until the memory of the set is near. */
#include "base/hash.h"
#include "wire/worker.h"

void hosts_add(struct ear_worker *worker)
{
	for (size_t i = 0; i < worker->hosts_waiting; i++)
		(void)hashset_add(&worker->hosts, worker->hosts_wait[i]);
	worker->hosts_waiting = 0;
}

void host_count(struct ear_worker *worker, const struct address *address)
{
	uint64_t hash, *recent;

	if (address->family == ADDRESS_NONE)
		return;
	hash = hash_of(span_of(address, sizeof *address), worker->seed);
	recent = &worker->recent_hosts[hash >> 32 & (RECENT_HOSTS - 1)];
	if (*recent == hash)
		return;
	*recent = hash;
	hashset_prefetch(&worker->hosts, hash);
	worker->hosts_wait[worker->hosts_waiting++] = hash;
	if (worker->hosts_waiting == HOSTS_WAIT)
		hosts_add(worker);
}
