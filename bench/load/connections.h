/*
 * Connections over loopback of which one process holds both ends. All of them are closed by a reset (SO_LINGER 0), so
 * that nothing stays behind in TIME_WAIT. Functions end the process by `die` when the kernel refuses.
 */
#pragma once

enum {
  /* Connections of one pair of addresses: well below the ports there are, so that finding a free one stays quick. */
  kMostConnections = 16000,
  /* Listeners of all processes: each has a port of its own, below those of the connections. */
  kMostListeners = 4000,
};

struct connection {
  int client, server;
};

/* Says what has failed, with errno, and ends the process. The program's own. */
_Noreturn void die(const char *what);

/* Brings `lo` up and widens the range of ports, for a network namespace of one's own. */
void prepare_network(void);

/*
 * Opens `count` connections to a server address that belongs to the process `number`, at port 8443 + `number`: within a
 * network namespace no two processes share a server's port.
 */
struct connection *open_connections(unsigned number, unsigned count);

/* Opens the process's part of `count` listeners of all processes, at ports from 2000 on. They stay open. */
void open_listeners(unsigned number, unsigned processes, unsigned count);

/*
 * Closes so many of the connections, at least one, spread over all of them, and opens as many new ones. The `nth` time
 * it begins one further than the time before. Returns how many.
 */
unsigned churn_connections(struct connection *all, unsigned number, unsigned count, unsigned percent, unsigned nth);
