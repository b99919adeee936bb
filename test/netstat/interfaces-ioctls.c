/*
 * A library to preload: ioctls about network interfaces are answered from a file, the one that the environment variable
 * INTERFACES names. So a program can be shown what no kernel at hand can be brought to have.
 *
 * A line of the file: a name, then any of
 *   flags=N hw=TYPE:HEX mtu=N queue=N map=START:END:BASE:IRQ:DMA:PORT outfill=N keepalive=N
 *   addr=QUAD dst=QUAD brd=QUAD mask=QUAD     absent: there is none
 *   conf=QUAD                                 the name has an IPv4 address, and is listed
 * or, instead of a value, !ERRNO. The name `?` stands for every name without a line. The name `*` speaks of calls that name no interface: list=!ERRNO, socketFAMILY=!ERRNO.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define MOST (1 << 22)

static const char* Description(void) {
  static char* text;
  const char* path = getenv("INTERFACES");
  if (text == NULL && path != NULL) {
    FILE* file = fopen(path, "r");
    text = calloc(1, MOST);
    if (file != NULL && text != NULL) (void)!fread(text, 1, MOST - 1, file);
    if (file != NULL) fclose(file);
  }
  return text;
}

/* The length of the line at `at`, and where the next one begins. */
static size_t Line(const char* at, const char** next) {
  size_t length = strcspn(at, "\n");
  *next = at[length] == 0 ? NULL : at + length + 1;
  return length;
}

static int CopyLine(const char* from, size_t length, char* line, size_t room) {
  if (length >= room) length = room - 1;
  memcpy(line, from, length);
  line[length] = 0;
  return 1;
}

static int LineOf(const char* name, char* line, size_t room) {
  const char* next;
  for (const char* at = Description(); at != NULL && *at != 0; at = next) {
    size_t length = Line(at, &next);
    size_t word = strcspn(at, " \n");
    if (strlen(name) == word && memcmp(name, at, word) == 0) return CopyLine(at, length, line, room);
  }
  return 0;
}

/* The text behind `key=`; NULL where there is none. Ends at a blank. */
static const char* ValueOf(const char* line, const char* key) {
  char pattern[32];
  snprintf(pattern, sizeof(pattern), " %s=", key);
  const char* found = strstr(line, pattern);
  return found == NULL ? NULL : found + strlen(pattern);
}

static int Refuse(const char* value) {
  errno = atoi(value + 1);
  return -1;
}

static void SetAddress(struct sockaddr* into, const char* value) {
  char quad[32];
  CopyLine(value, strcspn(value, " "), quad, sizeof(quad));
  struct sockaddr_in* address = (struct sockaddr_in*)into;
  address->sin_family = AF_INET;
  inet_aton(quad, &address->sin_addr);
}

static int List(struct ifconf* list) {
  char line[4096];
  const char* value = LineOf("*", line, sizeof(line)) ? ValueOf(line, "list") : NULL;
  if (value != NULL) return Refuse(value);
  int room = list->ifc_len / (int)sizeof(struct ifreq);
  int count = 0;
  const char* next;
  for (const char* at = Description(); at != NULL && *at != 0 && count < room; at = next) {
    CopyLine(at, Line(at, &next), line, sizeof(line));
    value = ValueOf(line, "conf");
    if (value == NULL) continue;
    struct ifreq* entry = &list->ifc_req[count++];
    memset(entry, 0, sizeof(*entry));
    CopyLine(line, strcspn(line, " "), entry->ifr_name, IFNAMSIZ);
    SetAddress(&entry->ifr_addr, value);
  }
  list->ifc_len = count * (int)sizeof(struct ifreq);
  return 0;
}

static void SetHardware(struct ifreq* answer, const char* value) {
  char* hex;
  answer->ifr_hwaddr.sa_family = value == NULL ? 1 : strtol(value, &hex, 10);
  for (int i = 0; value != NULL && i < 14; i++) {
    unsigned byte;
    if (sscanf(hex + 1 + 2 * i, "%2x", &byte) != 1) break;
    answer->ifr_hwaddr.sa_data[i] = (char)byte;
  }
}

static void SetMap(struct ifreq* answer, const char* value) {
  unsigned base, irq, dma, port;
  if (value == NULL) return;
  sscanf(value, "%lx:%lx:%x:%u:%u:%u", &answer->ifr_map.mem_start, &answer->ifr_map.mem_end, &base, &irq, &dma, &port);
  answer->ifr_map.base_addr = base;
  answer->ifr_map.irq = irq;
  answer->ifr_map.dma = dma;
  answer->ifr_map.port = port;
}

static const char* KeyOf(unsigned long request) {
  switch (request) {
    case SIOCGIFFLAGS: return "flags";
    case SIOCGIFINDEX: return "index";
    case SIOCGIFHWADDR: return "hw";
    case SIOCGIFMTU: return "mtu";
    case SIOCGIFMAP: return "map";
    case SIOCGIFTXQLEN: return "queue";
    case SIOCGIFADDR: return "addr";
    case SIOCGIFDSTADDR: return "dst";
    case SIOCGIFBRDADDR: return "brd";
    case SIOCGIFNETMASK: return "mask";
    case 0x89f1: return "keepalive";
    case 0x89f3: return "outfill";
    default: return NULL;
  }
}

static int Answer(unsigned long request, const char* key, struct ifreq* answer) {
  char line[4096];
  if (!LineOf(answer->ifr_name, line, sizeof(line)) && !LineOf("?", line, sizeof(line))) return Refuse("!19");
  const char* value = ValueOf(line, key);
  if (value != NULL && *value == '!') return Refuse(value);
  memset((char*)answer + IFNAMSIZ, 0, sizeof(*answer) - IFNAMSIZ);
  switch (request) {
    case SIOCGIFFLAGS: answer->ifr_flags = (short)(value == NULL ? 0 : strtol(value, NULL, 0)); return 0;
    case SIOCGIFINDEX: answer->ifr_ifindex = value == NULL ? 1 : atoi(value); return 0;
    case SIOCGIFMTU: answer->ifr_mtu = value == NULL ? 1500 : atoi(value); return 0;
    case SIOCGIFTXQLEN: answer->ifr_qlen = value == NULL ? 1000 : atoi(value); return 0;
    case SIOCGIFHWADDR: SetHardware(answer, value); return 0;
    case SIOCGIFMAP: SetMap(answer, value); return 0;
    case 0x89f1:
    case 0x89f3: answer->ifr_ifindex = value == NULL ? 0 : atoi(value); return 0;
    default:
      if (value == NULL) return Refuse("!99");
      SetAddress(&answer->ifr_addr, value);
      return 0;
  }
}

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  const char* key = KeyOf(request);
  if (Description() != NULL && request == SIOCGIFCONF) return List(argument);
  if (Description() != NULL && key != NULL) return Answer(request, key, argument);
  int (*real)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
  return real(fd, request, argument);
}

int socket(int family, int type, int protocol) {
  char line[4096], key[32];
  snprintf(key, sizeof(key), "socket%d", family);
  const char* value = Description() != NULL && LineOf("*", line, sizeof(line)) ? ValueOf(line, key) : NULL;
  if (value != NULL) return Refuse(value);
  int (*real)(int, int, int) = dlsym(RTLD_NEXT, "socket");
  return real(family, type, protocol);
}
