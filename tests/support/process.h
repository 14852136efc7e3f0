/* Programs that a test starts, ended by their process id. */
#ifndef GAOSHI_TESTS_SUPPORT_PROCESS_H
#define GAOSHI_TESTS_SUPPORT_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

enum { PROCESS_WORDS_MAX = 48, PROCESS_LIMIT_MS = 120000 };

/* words end with NULL. Standard error goes to log_file (NULL: the test's own);
 * keep_fd stays open in the child (-1: none). -1: it could not be started. */
pid_t process_start(const char *const *words, const char *log_file,
                    int keep_fd);

/* Waits for its end, at most PROCESS_LIMIT_MS; then it is killed and -1
 * returned. Otherwise its exit status, or 128 + the signal. */
int process_wait(pid_t pid);

/* TERM, then process_wait. */
int process_stop(pid_t pid);

/* The path of a program that was built beside the running test. The caller
 * frees it. */
char *process_beside(const char *program);

/* Asks done(context) every few milliseconds until it says yes or the limit is
 * over: for things that only a file tells. */
bool process_wait_until(bool (*done)(void *context), void *context);

#endif
