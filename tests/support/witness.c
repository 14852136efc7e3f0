/* Looks at the root window, which shows what a person would see: windows that
 * are hidden, too small or somewhere else do not appear there. */
#include "tests/support/witness.h"

#include "tests/support/bench_fixture.h"
#include "tests/support/process.h"

#include <X11/Xutil.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MARKS = 24, RECEIPTS_MAX = 4096, STATE_BYTES = 2048 };

const char *const witness_level_names[WITNESS_LEVELS] = {
    [WITNESS_ORANGE] = "orange", [WITNESS_RED] = "red"};
static const unsigned long grounds[WITNESS_LEVELS] = {
    [WITNESS_ORANGE] = 0xFFA500, [WITNESS_RED] = 0xB00000};

struct witness {
    struct peer *peer;
    Display *x, *own_x; /* own: of the thread */
    pthread_t thread;
    bool threaded;

    pthread_mutex_t lock; /* guards everything below */
    struct receipt receipts[RECEIPTS_MAX];
    size_t count;
    char state[STATE_BYTES];
    int untrue;
    bool ending;
};

/* The screen may change its size between two requests. */
static int pass_over(Display *x, XErrorEvent *error)
{
    (void)x;
    (void)error;
    return 0;
}

static XImage *take_picture(Display *x)
{
    Window root = DefaultRootWindow(x), same;
    unsigned width, height, border, depth;
    int left, top;

    if (!XGetGeometry(x, root, &same, &left, &top, &width, &height, &border,
                      &depth))
        return NULL;
    return XGetImage(x, root, 0, 0, width, height, AllPlanes, ZPixmap);
}

/* An alert's ground reaches all four corners and both sides below the band
 * that an exercise has across the glass. */
static bool is_filled(XImage *image, unsigned long ground)
{
    long same = 0, all = (long)image->width * image->height;
    int top = image->height / 5;

    for (int i = 0; i < MARKS; i++) {
        int y = i < 2 ? 0
                      : top + (image->height - 1 - top) * (i - 2) / (MARKS - 3);
        int x = i % 2 ? image->width - 4 : 3;
        if ((XGetPixel(image, x, y) & 0xFFFFFF) != ground)
            return false;
    }
    for (int y = 0; y < image->height; y++) {
        for (int x = 0; x < image->width; x++)
            same += (XGetPixel(image, x, y) & 0xFFFFFF) == ground;
    }
    return same > all * 2 / 5;
}

static bool sees(Display *x, enum witness_level level)
{
    XImage *image = take_picture(x);
    bool filled = image && is_filled(image, grounds[level]);

    if (image)
        XDestroyImage(image);
    return filled;
}

/* The page that tells of an alert's end is told under the alert's id, with the
 * number of the cancel. */
static bool is_raise(const struct receipt *receipt)
{
    const char *number = strchr(receipt->message, '-');

    return number && atoll(number + 1) == receipt->seq;
}

static bool is_true(struct witness *witness, const char *id)
{
    for (int i = 0; i < WITNESS_LEVELS; i++) {
        const char *name = witness_level_names[i];
        if (strncmp(id, name, strlen(name)) == 0)
            return sees(witness->own_x, (enum witness_level)i);
    }
    return true;
}

static void take_receipt(struct witness *witness,
                         const struct peer_message *message)
{
    struct receipt receipt;

    if (!receipt_parse(message->payload, message->bytes, &receipt))
        return;
    bool fine = receipt.event != RECEIPT_SHOWN || !is_raise(&receipt) ||
                is_true(witness, receipt.message);
    if (!fine)
        fprintf(stderr, "«shown» of %s is not true\n", receipt.message);
    pthread_mutex_lock(&witness->lock);
    if (witness->count < RECEIPTS_MAX)
        witness->receipts[witness->count++] = receipt;
    witness->untrue += !fine;
    pthread_mutex_unlock(&witness->lock);
}

static void take(struct witness *witness, const struct peer_message *message)
{
    if (strstr(message->topic, "/receipt")) {
        take_receipt(witness, message);
    } else if (strstr(message->topic, "/state")) {
        bool fine = !strstr(message->payload, "\"showing\":\"alert/") ||
                    !strstr(message->payload, "\"alerts\":0");
        if (!fine)
            fprintf(stderr, "an alert shows, none is live: %s\n",
                    message->payload);
        pthread_mutex_lock(&witness->lock);
        witness->untrue += !fine;
        snprintf(witness->state, sizeof witness->state, "%s", message->payload);
        pthread_mutex_unlock(&witness->lock);
    }
}

static bool is_ending(struct witness *witness)
{
    pthread_mutex_lock(&witness->lock);
    bool ending = witness->ending;
    pthread_mutex_unlock(&witness->lock);
    return ending;
}

static void *keep_listening(void *context)
{
    struct witness *witness = context;
    size_t taken = 0;

    while (!is_ending(witness)) {
        for (; taken < peer_messages(witness->peer); taken++)
            take(witness, peer_wait_message(witness->peer, taken));
        bench_pause(1);
    }
    return NULL;
}

struct witness *witness_create(const char *display, struct peer *peer)
{
    struct witness *witness = calloc(1, sizeof *witness);

    if (!witness)
        return NULL;
    witness->peer = peer;
    pthread_mutex_init(&witness->lock, NULL);
    XSetErrorHandler(pass_over);
    witness->x = XOpenDisplay(display);
    witness->own_x = XOpenDisplay(display);
    if (witness->x && witness->own_x &&
        peer_subscribe(peer, "gaoshi/1/erqi/screen/#"))
        witness->threaded = pthread_create(&witness->thread, NULL,
                                           keep_listening, witness) == 0;
    if (witness->threaded)
        return witness;
    witness_destroy(witness);
    return NULL;
}

void witness_destroy(struct witness *witness)
{
    if (!witness)
        return;
    pthread_mutex_lock(&witness->lock);
    witness->ending = true;
    pthread_mutex_unlock(&witness->lock);
    if (witness->threaded)
        pthread_join(witness->thread, NULL);
    if (witness->x)
        XCloseDisplay(witness->x);
    if (witness->own_x)
        XCloseDisplay(witness->own_x);
    pthread_mutex_destroy(&witness->lock);
    free(witness);
}

bool witness_sees(struct witness *witness, enum witness_level level)
{
    return sees(witness->x, level);
}

int witness_count(struct witness *witness, enum receipt_event event,
                  const char *id)
{
    int count = 0;

    pthread_mutex_lock(&witness->lock);
    for (size_t i = 0; i < witness->count; i++)
        count += witness->receipts[i].event == event &&
                 strcmp(witness->receipts[i].message, id) == 0;
    pthread_mutex_unlock(&witness->lock);
    return count;
}

struct expected {
    struct witness *witness;
    enum witness_level level;
    enum receipt_event event;
    const char *text;
    bool has;
};

static bool is_seen(void *context)
{
    const struct expected *expected = context;

    return sees(expected->witness->x, expected->level);
}

bool witness_wait_sees(struct witness *witness, enum witness_level level)
{
    struct expected expected = {.witness = witness, .level = level};

    return process_wait_until(is_seen, &expected);
}

static bool has_come(void *context)
{
    const struct expected *expected = context;

    return witness_count(expected->witness, expected->event, expected->text) >
           0;
}

bool witness_wait(struct witness *witness, enum receipt_event event,
                  const char *id)
{
    struct expected expected = {.witness = witness, .event = event, .text = id};

    return process_wait_until(has_come, &expected);
}

static bool is_state(void *context)
{
    const struct expected *expected = context;
    struct witness *witness = expected->witness;

    pthread_mutex_lock(&witness->lock);
    bool is = witness->state[0] &&
              (strstr(witness->state, expected->text) != NULL) == expected->has;
    pthread_mutex_unlock(&witness->lock);
    return is;
}

bool witness_wait_state(struct witness *witness, const char *text, bool has)
{
    struct expected expected = {.witness = witness, .text = text, .has = has};

    return process_wait_until(is_state, &expected);
}

int witness_untrue(struct witness *witness)
{
    pthread_mutex_lock(&witness->lock);
    int untrue = witness->untrue;
    pthread_mutex_unlock(&witness->lock);
    return untrue;
}
