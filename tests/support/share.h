#ifndef GAOSHI_TESTS_SUPPORT_SHARE_H
#define GAOSHI_TESTS_SUPPORT_SHARE_H

/* Under a sanitizer a test is five to twenty times slower: its random rounds
 * are divided by this there. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
enum { SANITIZED_SHARE = 10 };
#else
enum { SANITIZED_SHARE = 1 };
#endif

#endif
