/* What an alert costs a display on its way to the glass, and what a minute
 * costs in which nothing happens: counted, not timed, so that a busy machine
 * changes nothing. The display runs in this process, without window and line,
 * by a clock of its own: where it would sleep, the clock goes on to its
 * deadline. Linked with -Wl,--wrap for what is counted. What lies over a budget
 * is a change that somebody should have meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <sqlite3.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/timestamp.h"
#include "display/edge/app/loop.h"
#include "display/edge/render/renderer_mix.h"
#include "display/edge/render/renderer_paint.h"
#include "tests/support/bare_programme.h"
#include "tests/support/folder.h"
#include "tests/support/made_message.h"
#include "tests/support/signer.h"

enum { WIDTH = 1920, HEIGHT = 1080, NS = 1000000000 };

/* Since the start of the process. */
static struct counts {
    long settings, glyphs, allocations, turns;
    double pixels;    /* painted or mixed: areas of damage */
    long bytes;       /* written to files */
    long comparisons; /* of strings */
    long moved;       /* bytes that made room in a list, or closed it */
} counted;

static int64_t slept_ns;       /* by which the clock is ahead of the kernel's */
static int64_t deadline_ns;    /* of the loop, monotonic; 0: none */
static int timer_of_loop = -1; /* the descriptor that deadline_ns is of */

int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);
int __real_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int __real_timerfd_settime(int fd, int flags, const struct itimerspec *to,
                           struct itimerspec *old);
int __wrap_timerfd_settime(int fd, int flags, const struct itimerspec *to,
                           struct itimerspec *old);
void *__real_malloc(size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__real_realloc(void *old, size_t bytes);
void *__wrap_realloc(void *old, size_t bytes);
int __real_strcmp(const char *a, const char *b);
int __wrap_strcmp(const char *a, const char *b);
void *__real_memmove(void *to, const void *from, size_t bytes);
void *__wrap_memmove(void *to, const void *from, size_t bytes);
ssize_t __real_pwrite(int fd, const void *bytes, size_t count, off_t at);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t count, off_t at);
struct page_set *__real_page_set_create(const struct message *message,
                                        const struct page_context *context);
struct page_set *__wrap_page_set_create(const struct message *message,
                                        const struct page_context *context);
void __real_painter_paint(struct painter *painter, const struct draw_list *list,
                          struct rect clip);
void __wrap_painter_paint(struct painter *painter, const struct draw_list *list,
                          struct rect clip);
void __real_mix_layers(enum transition_kind kind, double progress,
                       const struct pixel_layer *from,
                       const struct pixel_layer *to, struct rect area,
                       struct rect span, struct pixel_layer *out);
void __wrap_mix_layers(enum transition_kind kind, double progress,
                       const struct pixel_layer *from,
                       const struct pixel_layer *to, struct rect area,
                       struct rect span, struct pixel_layer *out);

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = __real_clock_gettime(clock, time);
    int64_t ns = time->tv_nsec + slept_ns % NS;

    time->tv_sec += slept_ns / NS + ns / NS;
    time->tv_nsec = ns % NS;
    return result;
}

int __wrap_timerfd_settime(int fd, int flags, const struct itimerspec *to,
                           struct itimerspec *old)
{
    if (!(flags & TFD_TIMER_CANCEL_ON_SET)) {
        timer_of_loop = fd;
        deadline_ns = to->it_value.tv_sec * NS + to->it_value.tv_nsec;
    }
    return __real_timerfd_settime(fd, flags, to, old);
}

/* Waits for nothing: the clock goes on to the deadline. */
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    struct timespec now;
    int ready = __real_poll(fds, count, 0);

    counted.turns++;
    if (ready != 0 || timeout_ms == 0)
        return ready;
    __wrap_clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t ahead_ns = deadline_ns - (now.tv_sec * (int64_t)NS + now.tv_nsec);
    slept_ns += ahead_ns > 0 ? ahead_ns : 0;
    for (nfds_t i = 0; i < count; i++)
        fds[i].revents = fds[i].fd == timer_of_loop ? POLLIN : 0;
    return 1;
}

void *__wrap_malloc(size_t bytes)
{
    counted.allocations++;
    return __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    counted.allocations++;
    return __real_calloc(count, bytes);
}

void *__wrap_realloc(void *old, size_t bytes)
{
    counted.allocations++;
    return __real_realloc(old, bytes);
}

int __wrap_strcmp(const char *a, const char *b)
{
    counted.comparisons++;
    return __real_strcmp(a, b);
}

void *__wrap_memmove(void *to, const void *from, size_t bytes)
{
    counted.moved += (long)bytes;
    return __real_memmove(to, from, bytes);
}

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t count, off_t at)
{
    counted.bytes += (long)count;
    return __real_pwrite(fd, bytes, count, at);
}

/* SQLite's, which is linked at run time. */
static ssize_t write_page(int fd, const void *bytes, size_t count, off_t at)
{
    return __wrap_pwrite(fd, bytes, count, at);
}

struct page_set *__wrap_page_set_create(const struct message *message,
                                        const struct page_context *context)
{
    counted.settings++;
    return __real_page_set_create(message, context);
}

void __wrap_painter_paint(struct painter *painter, const struct draw_list *list,
                          struct rect clip)
{
    counted.pixels += (double)clip.width * clip.height;
    __real_painter_paint(painter, list, clip);
}

void __wrap_mix_layers(enum transition_kind kind, double progress,
                       const struct pixel_layer *from,
                       const struct pixel_layer *to, struct rect area,
                       struct rect span, struct pixel_layer *out)
{
    counted.pixels += (double)area.width * area.height;
    __real_mix_layers(kind, progress, from, to, area, span, out);
}

struct rig {
    char *folder, *store;
    struct signer *signer;
    struct config config;
    struct display_options options;
    struct display display;
    int signal_fd;
};

static void count_pages_of_sqlite(void)
{
    static const char *const names[] = {"pwrite", "pwrite64"};
    sqlite3_vfs *files = sqlite3_vfs_find(NULL);

    for (int i = 0; i < 2; i++)
        assert_int_equal(files->xSetSystemCall(files, names[i],
                                               (sqlite3_syscall_ptr)write_page),
                         SQLITE_OK);
}

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    struct problem problem = {0};
    int operands = 0;

    *state = rig;
    count_pages_of_sqlite();
    rig->signal_fd = loop_catch_signals();
    rig->folder = folder_make();
    rig->store = folder_path(rig->folder, "store.db");
    rig->signer = signer_create(rig->folder, "operator");
    const char *const words[] = {"gaoshi-display",
                                 "--org",
                                 "erqi",
                                 "--screen",
                                 "lobby-1",
                                 "--place",
                                 "郑州市二七区",
                                 "--theme",
                                 "night",
                                 "--trust",
                                 signer_file(rig->signer),
                                 "--store",
                                 rig->store,
                                 "--headless",
                                 "1920x1080",
                                 NULL};
    char *argv[sizeof words / sizeof *words];
    memcpy(argv, words, sizeof words);
    config_init(&rig->config);
    rig->config.state.lenient_section = "broker";
    bool read = config_load(&rig->config, CONFIG_RUN,
                            (int)(sizeof words / sizeof *words) - 1, argv,
                            &operands, &problem);
    rig->options = (struct display_options){
        .mode = DISPLAY_HEADLESS, .width_px = WIDTH, .height_px = HEIGHT};
    if (read &&
        display_init(&rig->display, &rig->config, &rig->options, &problem))
        return 0;
    log_problem(LOG_ERROR, "test_costs", &problem);
    return -1;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;

    display_finish(&rig->display);
    recovery_finish(&rig->display.recovery, true);
    option_state_finish(&rig->config.state);
    signer_destroy(rig->signer);
    close(rig->signal_fd);
    folder_remove(rig->folder);
    free(rig->folder);
    free(rig->store);
    free(rig);
    return 0;
}

static void put(struct rig *rig, const struct signer_message *message)
{
    char topic[512];
    char *text = signer_seal(rig->signer, message);

    assert_non_null(text);
    signer_topic(message, topic);
    inbox_put(rig->display.line.inbox, topic, text, strlen(text), true);
    free(text);
}

/* So many seconds of the loop's clock; what they cost. */
static struct counts live(struct rig *rig, int seconds, const char *what)
{
    struct problem problem = {0};
    struct counts before = counted;
    size_t glyphs = fonts_drawn(rig->display.glass.fonts);

    rig->options.seconds = seconds;
    assert_true(loop_run(&rig->display, rig->signal_fd, &problem));
    struct counts cost = {
        .settings = counted.settings - before.settings,
        .glyphs = (long)(fonts_drawn(rig->display.glass.fonts) - glyphs),
        .allocations = counted.allocations - before.allocations,
        .turns = counted.turns - before.turns,
        .pixels = counted.pixels - before.pixels,
        .bytes = counted.bytes - before.bytes,
    };
    print_message("%-34s %ld pages set, %ld glyphs drawn, %.2f of the glass "
                  "painted, %ld allocations, %ld bytes written, %ld turns\n",
                  what, cost.settings, cost.glyphs,
                  cost.pixels / ((double)WIDTH * HEIGHT), cost.allocations,
                  cost.bytes, cost.turns);
    return cost;
}

static void keep_within(const struct counts *cost, const struct counts *budget)
{
    assert_in_range(cost->settings, 0, budget->settings);
    assert_in_range(cost->glyphs, 0, budget->glyphs);
    assert_in_range(cost->allocations, 0, budget->allocations);
    assert_in_range(cost->bytes, 0, budget->bytes);
    assert_in_range(cost->turns, 0, budget->turns);
    assert_true(cost->pixels <= budget->pixels * WIDTH * HEIGHT);
}

static void push_panels(struct rig *rig, int count)
{
    for (int i = 0; i < count; i++) {
        char id[16], content[256];
        const struct signer_message panel = {
            .kind = "panel", .id = id, .seq = 1, .content = content};
        snprintf(id, sizeof id, "p%d", i);
        snprintf(content, sizeof content,
                 "{\"template\": \"figure\", \"section\": \"quality\", "
                 "\"title\": \"建成区面积\", \"figures\": [{\"value\": %d, "
                 "\"unit\": \"平方公里\"}]}",
                 100 + i);
        put(rig, &panel);
    }
}

static void raise_alert(struct rig *rig, const char *id)
{
    const struct signer_message message = {
        .kind = "alert",
        .id = id,
        .seq = 1,
        .content = "{\"status\": \"actual\", \"type\": \"alert\", \"level\": "
                   "\"red\", \"urgency\": \"immediate\", \"certainty\": "
                   "\"likely\", \"event\": \"暴雨\", \"headline\": "
                   "\"暴雨红色预警\", \"instruction\": "
                   "\"停止外出，离开低洼处\", \"area\": \"全区\", \"sender\": "
                   "\"应急值班室\"}",
        .expires_in_s = 3600};

    put(rig, &message);
}

static void cancel_alert(struct rig *rig, const char *id)
{
    const struct signer_message message = {
        .kind = "alert-cancel",
        .id = id,
        .seq = 2,
        .content = "{\"status\": \"actual\", \"event\": \"暴雨\", "
                   "\"reason\": \"结束\"}"};

    put(rig, &message);
}

/* A display without a window draws nothing ahead by itself. What is left are
 * names that no template has: of the area, of the sender. */
static void
glyphs_drawn_ahead_are_bounded_and_there_for_the_first_alert(void **state)
{
    enum { DIGITS = 20, BLOCK_BYTES = 512 * 1024, LEFT_MOST = 24 };
    struct rig *rig = *state;
    struct fonts *fonts = rig->display.glass.fonts;
    struct ahead *ahead = ahead_create(&rig->display.glass, &rig->config,
                                       &rig->display.data);
    size_t drawn = fonts_drawn(fonts);

    assert_non_null(ahead);
    while (ahead_step(ahead)) {
        assert_in_range(fonts_drawn(fonts) - drawn, 0, AHEAD_GLYPHS + DIGITS);
        drawn = fonts_drawn(fonts);
    }
    assert_in_range(fonts_bytes(fonts), 1, 2 * WIDTH * HEIGHT + BLOCK_BYTES);
    assert_false(ahead_step(ahead));
    ahead_destroy(ahead);
    raise_alert(rig, "first");
    struct counts cost = live(rig, 1, "the first alert, drawn ahead");
    assert_in_range(cost.glyphs, 0, LEFT_MOST);
}

/* From its arrival until a second after its frame: the store has it then. */
static void an_alert_costs_what_it_must(void **state)
{
    struct rig *rig = *state;
    const struct counts cold = {.settings = 1,
                                .glyphs = 60,
                                .allocations = 400,
                                .turns = 20,
                                .pixels = 1.3,
                                .bytes = 64 * 1024};
    struct counts warm = cold;

    push_panels(rig, 1);
    live(rig, 90, "a panel comes and stands");
    raise_alert(rig, "first");
    struct counts cost = live(rig, 1, "the first alert");
    keep_within(&cost, &cold);
    cancel_alert(rig, "first");
    live(rig, 90, "it ends");
    raise_alert(rig, "second");
    cost = live(rig, 1, "the same words again");
    warm.glyphs = 5; /* of another time of the day */
    keep_within(&cost, &warm);
}

static void an_alert_that_stands_writes_nothing_and_paints_little(void **state)
{
    struct rig *rig = *state;
    const struct counts budget = {.settings = 0,
                                  .glyphs = 5,
                                  .allocations = 2000,
                                  .turns = 450,
                                  .pixels = 10,
                                  .bytes = 0};

    raise_alert(rig, "stands");
    live(rig, 70, "an alert comes");
    struct counts cost = live(rig, 60, "a minute of an alert");
    keep_within(&cost, &budget);
}

static void a_steady_minute_costs_almost_nothing(void **state)
{
    struct rig *rig = *state;
    struct counts budget = {.settings = 0,
                            .glyphs = 5, /* at midnight */
                            .allocations = 50,
                            .turns = 10,
                            .pixels = 0.3,
                            .bytes = 0};

    push_panels(rig, 1);
    live(rig, 600, "a panel comes and stands");
    struct counts cost = live(rig, 60, "a minute of one panel");
    keep_within(&cost, &budget);
    push_panels(rig, 4);
    live(rig, 600, "four panels come");
    cost = live(rig, 60, "a minute of four panels");
    budget = (struct counts){.settings = 0,
                             .glyphs = 60,
                             .allocations = 100,
                             .turns = 400,
                             .pixels = 40,
                             .bytes = 0};
    keep_within(&cost, &budget);
}

enum { PAGES = 100 };

/* For a panel that is taken, and for a page that follows another. */
struct programme_cost {
    long taken, moved, page;
};

static struct programme_cost programme_costs(int panels)
{
    struct bare_programme *bare = calloc(1, sizeof *bare);
    struct programme_cost cost;

    bare_programme_init(bare, NULL, (size_t)panels);
    bare->now.wall_ms = MADE_EPOCH_MS;
    struct counts before = counted;
    for (int i = 0; i < panels; i++) {
        char id[16];
        snprintf(id, sizeof id, "p%05d", i * 7919 % 100000);
        struct message *message = made_panel(&(struct made){.id = id});
        assert_int_equal(bare_programme_take(bare, message), BOARD_ACCEPTED);
    }
    cost.taken = (counted.comparisons - before.comparisons) / panels;
    cost.moved = (counted.moved - before.moved) / panels;
    before = counted;
    for (int i = 0; i < PAGES; i++)
        bare_programme_step(bare, BARE_PAGE_MS);
    cost.page = (counted.comparisons - before.comparisons) / PAGES;
    print_message("%5d panels: %ld comparisons and %ld bytes moved for each, "
                  "%ld comparisons for a page\n",
                  panels, cost.taken, cost.moved, cost.page);
    bare_programme_finish(bare);
    free(bare);
    return cost;
}

/* What is searched is sorted, so that a thousand times the panels cost a few
 * comparisons more. A place in the list costs a pointer for each panel behind
 * it, which is the least of what a new panel costs. */
static void
a_page_among_ten_thousand_panels_costs_what_one_among_ten_does(void **state)
{
    (void)state;
    const struct programme_cost few = programme_costs(10);
    const struct programme_cost many = programme_costs(10000);

    assert_in_range(many.taken, 0, 4 * few.taken);
    assert_in_range(many.page, 0, 4 * few.page);
    assert_in_range(many.moved, 0, 10000 * sizeof(void *));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(glyphs_drawn_ahead_are_bounded_and_there_for_the_first_alert),
        TEST(an_alert_costs_what_it_must),
        TEST(an_alert_that_stands_writes_nothing_and_paints_little),
        TEST(a_steady_minute_costs_almost_nothing),
        cmocka_unit_test(
            a_page_among_ten_thousand_panels_costs_what_one_among_ten_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
