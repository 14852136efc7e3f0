/* Sockets of 127.0.0.1 for tests. */
#ifndef GAOSHI_TESTS_SUPPORT_LOOPBACK_H
#define GAOSHI_TESTS_SUPPORT_LOOPBACK_H

/* A TCP socket that accepts on a free port, or -1. backlog: of listen(2). */
int loopback_listen(int backlog);

/* The port of a bound socket; 0: none. */
int loopback_port(int fd);

/* A connected socket, or -1. flags: SOCK_NONBLOCK, then it may not have come
 * through yet. */
int loopback_connect(int port, int flags);

#endif
