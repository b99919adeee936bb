/*
 * What the rows of `netstat -tan` cost a C program that has the sockets already: two inet_ntop(3) and three snprintf(3) a
 * row, one for each cell of an address and one for the row, into a buffer that nobody reads.
 *
 *     format-rows inet|inet6|mixed ROWS [--list]
 *
 * Prints one line, of the median of nine passes:
 *     {"rows":100000,"ms":62.5,"nsPerRow":625}
 * With --list the rows, once. The sockets are made up: bench/subjects/inside/made-up-sockets.mjs makes the same ones.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "../clock.h"

enum { kBufferBytes = 64 * 1024, kMostRowBytes = 256, kPasses = 9, kCell = 23 };

struct socket_row {
  int family, state;
  uint32_t receive_queue, send_queue;
  unsigned char local[16], remote[16];
  uint16_t local_port, remote_port;
};

static const char *const kStates[] = {"",          "ESTABLISHED", "SYN_SENT",   "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",
                                      "TIME_WAIT", "CLOSE",       "CLOSE_WAIT", "LAST_ACK", "LISTEN",    "CLOSING"};

/* xorshift of 32 bits. */
static uint32_t next_number(void) {
  static uint32_t state = 2463534242u;
  state ^= state << 13;
  state ^= state >> 17;
  return state ^= state << 5;
}

static void make_address(int family, unsigned char *out) {
  uint32_t words[4] = {htonl(0x20010db8u)};
  words[1] = htonl(next_number());
  words[3] = htonl(next_number());
  if (family == AF_INET6) memcpy(out, words, 16);
  else memcpy(out, &words[3], 4);
}

/* Most queues are empty. */
static uint32_t make_queue(void) {
  uint32_t number = next_number();
  return number % 16 == 0 ? number >> 12 : 0;
}

static void make_row(struct socket_row *row, int family) {
  row->family = family;
  row->state = 1 + (int)(next_number() % 9);
  row->receive_queue = make_queue();
  row->send_queue = make_queue();
  make_address(family, row->local);
  row->local_port = (uint16_t)(next_number() | 1);
  make_address(family, row->remote);
  row->remote_port = (uint16_t)(next_number() | 1);
}

static int digits_of(unsigned port) { return port < 10 ? 1 : port < 100 ? 2 : port < 1000 ? 3 : port < 10000 ? 4 : 5; }

/* Where it is too long for the cell the address is cut, and not the port. */
static void print_endpoint(char cell[kCell + 1], const struct socket_row *row, const void *address, unsigned port) {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(row->family, address, text, sizeof text);
  snprintf(cell, kCell + 1, "%.*s:%u", kCell - 1 - digits_of(port), text, port);
}

static int print_row(char *at, const struct socket_row *row) {
  char local[kCell + 1], remote[kCell + 1];
  print_endpoint(local, row, row->local, row->local_port);
  print_endpoint(remote, row, row->remote, row->remote_port);
  return snprintf(at, kMostRowBytes, "%-5s %6u %6u %-23s %-23s %-11s\n", row->family == AF_INET6 ? "tcp6" : "tcp",
                  row->receive_queue, row->send_queue, local, remote, kStates[row->state]);
}

/* As netstat's table has them: IPv4 first. */
static void print_rows(const struct socket_row *rows, long count, FILE *out) {
  static char buffer[kBufferBytes];
  static const int families[] = {AF_INET, AF_INET6};
  int used = 0;
  for (int pass = 0; pass < 2; pass += 1) {
    for (long i = 0; i < count; i += 1) {
      if (rows[i].family != families[pass]) continue;
      used += print_row(buffer + used, &rows[i]);
      if (used <= kBufferBytes - kMostRowBytes) continue;
      if (out != NULL) fwrite(buffer, 1, (size_t)used, out);
      used = 0;
    }
  }
  if (out != NULL) fwrite(buffer, 1, (size_t)used, out);
}

static int by_number(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

int main(int argc, char **argv) {
  const char *kind = argc > 2 ? argv[1] : "";
  long count = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
  int is_mixed = strcmp(kind, "mixed") == 0;
  if (count < 1 || count > 10000000 || (!is_mixed && strcmp(kind, "inet") != 0 && strcmp(kind, "inet6") != 0)) {
    fprintf(stderr, "usage: format-rows inet|inet6|mixed ROWS [--list]\n");
    return 2;
  }
  struct socket_row *rows = calloc((size_t)count, sizeof *rows);
  if (rows == NULL) return 1;
  for (long i = 0; i < count; i += 1)
    make_row(&rows[i], is_mixed ? (i % 2 == 0 ? AF_INET : AF_INET6) : strcmp(kind, "inet") == 0 ? AF_INET : AF_INET6);
  if (argc > 3 && strcmp(argv[3], "--list") == 0) {
    print_rows(rows, count, stdout);
    return 0;
  }
  double took[kPasses];
  for (int pass = 0; pass < kPasses; pass += 1) {
    double begun = now_ms();
    print_rows(rows, count, NULL);
    took[pass] = now_ms() - begun;
  }
  qsort(took, kPasses, sizeof *took, by_number);
  double median = took[kPasses / 2];
  printf("{\"rows\":%ld,\"ms\":%.3f,\"nsPerRow\":%.1f}\n", count, median, median * 1e6 / (double)count);
  return 0;
}
