/* Runs another program and waits for its end. */
#ifndef GAOSHI_BASE_CHILD_H
#define GAOSHI_BASE_CHILD_H

/* words[0] is the program, looked up in PATH if it has no slash; NULL ends the
 * words. Its input, output and errors are ours. Returns its exit status, or -1
 * if it cannot be run or a signal ended it. */
int child_run(const char *const *words);

#endif
