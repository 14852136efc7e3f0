#ifndef GAOSHI_TESTS_SUPPORT_SHARE_H
#define GAOSHI_TESTS_SUPPORT_SHARE_H

/* gcc defines macros, clang has features. */
#if defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED 1
#endif

/* Under a sanitizer a test is five to twenty times slower: its random rounds
 * are divided by this there. */
#ifdef SANITIZED
enum { SANITIZED_SHARE = 10 };
#else
enum { SANITIZED_SHARE = 1 };
#endif

#endif
