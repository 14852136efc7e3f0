/* A folder for one process at a time: who reads, changes and replaces a file
 * in it holds it meanwhile, so that no change of another gets lost. */
#ifndef GAOSHI_BASE_FOLDER_LOCK_H
#define GAOSHI_BASE_FOLDER_LOCK_H

#include "base/problem.h"

enum { FOLDER_LOCK_WAIT_S = 10 };

/* Waits while another process holds it. What to give back with folder_unlock;
 * it ends with the process, too. -1: not to be had. */
int folder_lock(const char *folder, struct problem *problem);
void folder_unlock(int lock); /* -1: nothing */

#endif
