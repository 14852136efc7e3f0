/* The service manager's side: this test plays systemd, with a socket of its
 * own, over a display in a real window. It hears READY and WATCHDOG while
 * frames reach the glass and nothing when they don't; it ends what hangs and
 * starts it again. Skipped without Xvfb or systemd's library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/bench_fixture.h"
#include "tests/support/broker.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/screen.h"
#include "tests/support/signer.h"
#include "tests/support/xvfb.h"

enum {
    WATCHDOG_MS = 2000,
    /* Silence for as long as systemd waits: it hangs. */
    SILENCE_MS = WATCHDOG_MS,
};

struct manager {
    struct xvfb *xvfb;
    struct broker *broker;
    struct peer *peer;
    struct signer *signer;
    char *folder;
    char *store;
    char *notify; /* path of the socket */
    int socket;
};

static bool open_socket(struct manager *manager)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    manager->notify = folder_path(manager->folder, "notify");
    snprintf(address.sun_path, sizeof address.sun_path, "%s", manager->notify);
    manager->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return manager->socket >= 0 &&
           bind(manager->socket, (struct sockaddr *)&address, sizeof address) ==
               0;
}

static int set_up(void **state)
{
    static struct manager manager;

    manager = (struct manager){.folder = folder_make(), .socket = -1};
    *state = &manager;
    if (!manager.folder || !open_socket(&manager))
        return -1;
    manager.store = folder_path(manager.folder, "store.db");
    manager.xvfb = xvfb_start(640, 360);
    manager.broker = broker_start(NULL);
    manager.signer = signer_create(manager.folder, "operator");
    if (!manager.xvfb || !manager.broker || !manager.signer)
        return -1;
    manager.peer = peer_connect(broker_url(manager.broker), "operator");
    const struct signer_message panel = {
        .kind = "panel", .id = "q01", .seq = 1, .content = signer_figure};
    return manager.peer && signer_publish(manager.signer, manager.peer, &panel)
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    struct manager *manager = *state;

    peer_destroy(manager->peer);
    signer_destroy(manager->signer);
    broker_destroy(manager->broker);
    xvfb_destroy(manager->xvfb);
    if (manager->socket >= 0)
        close(manager->socket);
    folder_remove(manager->folder);
    free(manager->folder);
    free(manager->store);
    free(manager->notify);
    return 0;
}

static struct screen *start(const struct manager *manager)
{
    const struct screen_options options = {
        .folder = manager->folder,
        .broker = broker_url(manager->broker),
        .trust = signer_file(manager->signer),
        .store = manager->store,
        .mode = "--windowed",
        .size = "640x360",
    };
    char limit[16];

    /* For the display alone: the broker would tell READY as well. */
    snprintf(limit, sizeof limit, "%d000", WATCHDOG_MS);
    setenv("NOTIFY_SOCKET", manager->notify, 1);
    setenv("WATCHDOG_USEC", limit, 1);
    unsetenv("WATCHDOG_PID");
    struct screen *screen = screen_start(&options);
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    assert_non_null(screen);
    return screen;
}

/* The next word; false: none within the time. */
static bool hear(const struct manager *manager, int limit_ms, char out[128])
{
    struct pollfd ready = {.fd = manager->socket, .events = POLLIN};

    if (poll(&ready, 1, limit_ms) != 1)
        return false;
    ssize_t bytes = recv(manager->socket, out, 127, 0);
    out[bytes > 0 ? bytes : 0] = '\0';
    return bytes > 0;
}

/* Listens until this word comes. */
static void expect(const struct manager *manager, const char *word)
{
    char heard[128];

    do {
        if (!hear(manager, PROCESS_LIMIT_MS, heard))
            fail_msg("never heard %s", word);
    } while (strcmp(heard, word) != 0);
}

/* As systemd does: when nothing came for the watchdog's time, it hangs. */
static void wait_for_silence(const struct manager *manager)
{
    char heard[128];

    while (hear(manager, SILENCE_MS, heard))
        continue;
}

static void ready_is_told_and_the_watchdog_fed(void **state)
{
    struct manager *manager = *state;
    struct screen *screen = start(manager);

    expect(manager, "READY=1");
    assert_int_not_equal(xvfb_pixel(manager->xvfb, 320, 5), 0);
    /* The panel stands still in the meantime: frames are proved anyway. */
    for (int i = 0; i < 3; i++)
        expect(manager, "WATCHDOG=1");
    assert_int_equal(screen_stop(screen), 0);
    expect(manager, "STOPPING=1");
}

/* Frames do not reach a server that hangs: no word, though nothing on the glass
 * was to change. What systemd does then brings it back. */
static void
a_glass_that_hangs_is_left_unfed_and_a_restart_brings_it_back(void **state)
{
    struct manager *manager = *state;
    struct screen *screen = start(manager);

    expect(manager, "READY=1");
    expect(manager, "WATCHDOG=1");
    kill(xvfb_pid(manager->xvfb), SIGSTOP);
    wait_for_silence(manager);
    assert_int_equal(screen_kill(screen, SIGABRT), 128 + SIGABRT);
    kill(xvfb_pid(manager->xvfb), SIGCONT);
    double begin_ms = bench_now_ms();
    screen = start(manager);
    expect(manager, "READY=1");
    print_message("restart to the first good frame: %.0f ms\n",
                  bench_now_ms() - begin_ms);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_stop(screen), 0);
}

static void a_server_that_is_gone_ends_it_with_a_clear_line(void **state)
{
    struct manager *manager = *state;
    struct screen *screen = start(manager);

    expect(manager, "READY=1");
    kill(xvfb_pid(manager->xvfb), SIGKILL);
    assert_int_equal(process_wait(screen_pid(screen)), EXIT_FAILURE);
    assert_int_equal(screen_count_log(screen, "the X server is gone"), 1);
    screen_wait_end(screen);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ready_is_told_and_the_watchdog_fed),
        TEST(a_glass_that_hangs_is_left_unfed_and_a_restart_brings_it_back),
        TEST(a_server_that_is_gone_ends_it_with_a_clear_line),
    };

    if (!xvfb_is_installed()) {
        puts("skipped: there is no Xvfb here");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
