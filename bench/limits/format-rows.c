/*
 * The floor for formatting: rows of a table made into netstat's text by snprintf(3) and inet_ntop(3), as a C program does
 * that does not care.
 *
 *   format-rows FILE [ITERATIONS]    formats all rows ITERATIONS times (default 20) into a buffer; prints {"rows", "nsPerRow"}:
 *                                    the fastest time a row
 *   format-rows --print FILE         writes the text of all rows, once
 *
 * FILE holds rows of 48 bytes and nothing else; numbers are in this machine's byte order:
 *
 *    0  u8   family: 2 for IPv4, 10 for IPv6
 *    1  u8   state, as the kernel numbers those of TCP: 1 for ESTABLISHED
 *    2  u16  local port
 *    4  u16  remote port
 *    6  u16  0
 *    8  u8   local address[16], IPv4 in the last four
 *   24  u8   remote address[16]
 *   40  u32  Recv-Q
 *   44  u32  Send-Q
 *
 * The text is that of `netstat -tan` for rows of TCP that do not listen, in the order of the file. The buffer takes 64 KiB
 * and begins anew when it is full, as one does that is written out.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "../clock.h"

enum { kCell = 23, kRow = 256, kBuffer = 64 << 10 };

struct row {
  uint8_t family;
  uint8_t state;
  uint16_t local_port;
  uint16_t remote_port;
  uint16_t unused;
  uint8_t local_address[16];
  uint8_t remote_address[16];
  uint32_t receive_queue;
  uint32_t send_queue;
};

_Static_assert(sizeof(struct row) == 48, "the file's layout");

static const char *const states[] = {"",          "ESTABLISHED", "SYN_SENT", "SYN_RECV",  "FIN_WAIT1", "FIN_WAIT2",
                                      "TIME_WAIT", "CLOSE",       "CLOSE_WAIT", "LAST_ACK", "LISTEN",    "CLOSING"};

static const char *state_word(uint8_t state) {
  return state < sizeof(states) / sizeof(*states) ? states[state] : "UNKNOWN";
}

/* `address:port` in at most 23 bytes: the address gives way. A port of 0 reads `*`. */
static void format_endpoint(char *cell, uint8_t family, const uint8_t *address, uint16_t port) {
  static const uint8_t kMapped[12] = {[10] = 0xff, [11] = 0xff};
  char host[INET6_ADDRSTRLEN];
  char service[8];
  if (family == AF_INET || memcmp(address, kMapped, sizeof(kMapped)) == 0)
    inet_ntop(AF_INET, address + 12, host, sizeof(host));
  else
    inet_ntop(AF_INET6, address, host, sizeof(host));
  if (port == 0)
    strcpy(service, "*");
  else
    snprintf(service, sizeof(service), "%u", port);
  snprintf(cell, kCell + 1, "%.*s:%s", kCell - 1 - (int)strlen(service), host, service);
}

static int format_row(char *text, const struct row *row) {
  char local[kCell + 1];
  char remote[kCell + 1];
  format_endpoint(local, row->family, row->local_address, row->local_port);
  format_endpoint(remote, row->family, row->remote_address, row->remote_port);
  return snprintf(text, kRow, "%-5s %6u %6u %-23s %-23s %-11s\n", row->family == AF_INET6 ? "tcp6" : "tcp",
                  row->receive_queue, row->send_queue, local, remote, state_word(row->state));
}

/* Formats all rows; what a full buffer holds goes to `out`, where there is one. Gives the number of bytes. */
static size_t format_all(const struct row *rows, size_t count, char *buffer, FILE *out) {
  size_t used = 0;
  size_t bytes = 0;
  for (size_t i = 0; i < count; i++) {
    if (used + kRow > kBuffer) {
      if (out != NULL) fwrite(buffer, 1, used, out);
      bytes += used;
      used = 0;
    }
    used += (size_t)format_row(buffer + used, &rows[i]);
  }
  if (out != NULL) fwrite(buffer, 1, used, out);
  return bytes + used;
}

static struct row *read_rows(const char *path, size_t *count) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
    perror(path);
    exit(1);
  }
  const long size = ftell(file);
  rewind(file);
  *count = (size_t)size / sizeof(struct row);
  struct row *rows = malloc(*count * sizeof(struct row) + 1);
  if (size % (long)sizeof(struct row) != 0 || rows == NULL || fread(rows, sizeof(struct row), *count, file) != *count) {
    fprintf(stderr, "%s: not a file of rows of %zu bytes\n", path, sizeof(struct row));
    exit(1);
  }
  fclose(file);
  return rows;
}

int main(int argc, char **argv) {
  const int print = argc > 1 && strcmp(argv[1], "--print") == 0;
  if (argc < 2 + print) {
    fprintf(stderr, "usage: %s FILE [ITERATIONS] | --print FILE\n", argv[0]);
    return 2;
  }
  size_t count;
  struct row *rows = read_rows(argv[1 + print], &count);
  char *buffer = malloc(kBuffer);
  if (buffer == NULL) return 1;
  if (print) {
    format_all(rows, count, buffer, stdout);
    return fflush(stdout) == 0 ? 0 : 1;
  }
  const int iterations = argc > 2 ? atoi(argv[2]) : 20;
  double least = 0;
  size_t bytes = 0;
  for (int i = 0; i < iterations; i++) {
    const double start = now_ms();
    bytes = format_all(rows, count, buffer, NULL);
    const double took = now_ms() - start;
    if (i == 0 || took < least) least = took;
  }
  printf("{\"rows\":%zu,\"bytes\":%zu,\"nsPerRow\":%.1f}\n", count, bytes, count == 0 ? 0 : least * 1e6 / (double)count);
  return 0;
}
