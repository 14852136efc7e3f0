/* Runs commands of gaoshi-publish, several at once, and collects what they
 * print. So the console sends exactly what the command sends: the same checks,
 * the same outbox, the same questions answered by the same flags. */
#ifndef GAOSHI_PUBLISHER_RUNS_H
#define GAOSHI_PUBLISHER_RUNS_H

#include "publisher/cli/options.h"

#include <poll.h>

enum {
    RUNS_MAX = 4,       /* at once */
    RUNS_WAITING = 32,  /* behind them */
    RUN_WORDS_MAX = 96, /* of one command */
    RUN_OUTPUT_BYTES = 16 * 1024 * 1024,
    RUN_LASTS_MS = 180000, /* then it is ended */
};

/* Words of a command; add with run_words_add. Zeroed is empty. */
struct run_words {
    char *texts[RUN_WORDS_MAX + 1];
    size_t count;
    bool failed; /* too many, or no memory: runs_start refuses them */
    bool signs;  /* set by the caller: the command opens the key */
};
void run_words_add(struct run_words *words, const char *text);
/* --flag=value, so that no value is taken for a flag. NULL: nothing. */
void run_words_flag(struct run_words *words, const char *flag,
                    const char *value);
void run_words_finish(struct run_words *words);

/* What came of it; texts are NUL-terminated. code -1: it did not end by
 * itself. */
struct run_result {
    int code;
    const char *out;
    size_t out_bytes;
    const char *err;
};

struct runs;

/* Every command gets the sending options of these. NULL: no memory. */
struct runs *runs_create(const struct options *options);

/* Ends what runs and what waits; each of them is called back. NULL: nothing. */
void runs_destroy(struct runs *runs);

/* Takes the words (the command first, without the program). Calls back when it
 * is over, never from within this function. False: too many wait, or no
 * memory. */
bool runs_start(struct runs *runs, struct run_words *words,
                void (*done)(void *context, const struct run_result *result),
                void *context);

/* Adds what is to be polled; returns how many. */
enum { RUNS_POLL_MAX = 2 * RUNS_MAX };
size_t runs_poll(const struct runs *runs, struct pollfd out[RUNS_POLL_MAX]);

/* Takes what came. */
void runs_turn(struct runs *runs, int64_t now_ms);

#endif
