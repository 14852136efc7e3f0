/* Verifies each message once for all screens of the process. */
#ifndef GAOSHI_TESTS_FLEET_VERIFY_ONCE_H
#define GAOSHI_TESTS_FLEET_VERIFY_ONCE_H

/* Real screens verify at the same time, each on its own processor. Here
 * thousands of them share two. From now on a signature that one screen verified
 * counts for all that have the same key, bytes and signature. */
void verify_once(void);

#endif
