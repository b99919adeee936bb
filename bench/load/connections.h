/*
 * Connections over loopback of which one process holds both ends. All of them are closed by a reset (SO_LINGER 0), so
 * that nothing stays behind in TIME_WAIT. Functions end the process by `die` when the kernel refuses.
 */
#pragma once

enum {
  /* Connections of one pair of addresses: well below the ports there are, so that finding a free one stays quick. */
  kMostConnections = 16000,
};

struct connection {
  int client, server;
};

/* Says what has failed, with errno, and ends the process. The program's own. */
_Noreturn void die(const char *what);

/* Brings `lo` up and widens the range of ports, for a network namespace of one's own. */
void prepare_network(void);

/* Opens `count` connections to a server address that belongs to the process `number`. */
struct connection *open_connections(unsigned number, unsigned count);

/*
 * Closes so many of the connections, at least one, spread over all of them, and opens as many new ones. The `nth` time
 * it begins one further than the time before. Returns how many.
 */
unsigned churn_connections(struct connection *all, unsigned number, unsigned count, unsigned percent, unsigned nth);
