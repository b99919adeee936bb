/* Sockets that are bound and wait: no connection has to be made for them. Functions end the process by `die`. */
#pragma once

enum bound_kind { kUnixSockets, kUdpSockets };

/*
 * Opens `pairs` pairs of sockets that belong to the process `number`, and leaves them open. Unix: a stream socket with an
 * abstract name and its unnamed peer. UDP over IPv4: a socket bound to a port, and one that is connected to it.
 */
void open_bound(enum bound_kind kind, unsigned number, unsigned pairs);
