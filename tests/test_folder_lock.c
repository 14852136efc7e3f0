/* Two who change one list at once: the second waits for the first, and
 * nothing that either did is lost. */
#include <dirent.h>
#include <openssl/pem.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/tls_fixture.h"

#define LIST tls_path(tls, "root/keys.gaoshi")
#define ROOT tls_path(tls, "root/root.pem")

struct queue {
    pid_t pid;
    const char *folder;
};

/* The program has the folder open: it wants the lock. */
static bool stands_in_line(void *context)
{
    const struct queue *queue = context;
    char path[300], target[4096];
    bool found = false;

    snprintf(path, sizeof path, "/proc/%d/fd", (int)queue->pid);
    DIR *stream = opendir(path);
    for (struct dirent *entry; stream && (entry = readdir(stream));) {
        snprintf(path, sizeof path, "/proc/%d/fd/%s", (int)queue->pid,
                 entry->d_name);
        ssize_t length = readlink(path, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        found = found || strcmp(target, queue->folder) == 0;
    }
    if (stream)
        closedir(stream);
    return found;
}

/* Until it waits for the lock that the test holds. */
static pid_t start_in_line(const char *folder, const char *const *words)
{
    char *program = process_beside("gaoshi-publish");
    char *real = realpath(folder, NULL);
    const char *all[PROCESS_WORDS_MAX] = {program};

    for (size_t i = 0; words[i]; i++)
        all[i + 1] = words[i];
    struct queue queue = {process_start(all, NULL, -1), real};
    assert_true(queue.pid > 0);
    assert_true(process_wait_until(stands_in_line, &queue));
    free(program);
    free(real);
    return queue.pid;
}

static int open_tls(void **state)
{
    if (tls_open(state) != 0)
        return -1;
    struct tls_fixture *tls = *state;
    TLS_RUN(tls, "keys", "new", "--out", tls_path(tls, "root"), "--name",
            "root");
    TLS_RUN(tls, "keys", "new", "--out", tls_path(tls, "root"), "--name",
            "duty");
    TLS_RUN(tls, "keys", "new", "--out", tls_path(tls, "root"), "--name",
            "other");
    TLS_RUN(tls, "keys", "grant", LIST, tls_path(tls, "root/duty.pub.pem"),
            "--root", ROOT, "--org", "erqi", "--role", "alerts");
    return tls->result.code;
}

static void a_revocation_outlives_a_grant_at_the_same_time(void **state)
{
    struct tls_fixture *tls = *state;
    char *before = folder_read(tls->folder, "root/keys.gaoshi");
    TLS_RUN(tls, "keys", "revoke", LIST, tls_path(tls, "root/duty.pub.pem"),
            "--root", ROOT);
    char *revoked = folder_read(tls->folder, "root/keys.gaoshi");
    assert_true(folder_write(tls->folder, "root/keys.gaoshi", before));
    int lock = folder_lock(tls_path(tls, "root"), NULL);
    assert_true(lock >= 0);
    const char *const grant[] = {
        "keys",   "grant", LIST,     tls_path(tls, "root/other.pub.pem"),
        "--root", ROOT,    "--role", "panels",
        NULL};
    pid_t second = start_in_line(tls_path(tls, "root"), grant);
    assert_true(folder_write(tls->folder, "root/keys.gaoshi", revoked));
    folder_unlock(lock);
    assert_int_equal(process_wait(second), 0);
    TLS_RUN(tls, "keys", "list", LIST);
    assert_non_null(strstr(tls->result.out, "revoked"));
    assert_non_null(strstr(tls->result.out, "panels"));
    free(before);
    free(revoked);
}

static int count_revoked(const struct tls_fixture *tls)
{
    FILE *file = fopen(tls_path(tls, "ca/crl.pem"), "r");
    X509_CRL *list = file ? PEM_read_X509_CRL(file, NULL, NULL, NULL) : NULL;

    assert_non_null(list);
    fclose(file);
    int count = sk_X509_REVOKED_num(X509_CRL_get_REVOKED(list));
    X509_CRL_free(list);
    return count;
}

static void two_certificates_revoked_at_once_are_both_on_the_list(void **state)
{
    struct tls_fixture *tls = *state;
    const char *const screens[] = {"lobby-1", "lobby-2"};
    pid_t pids[2];
    int lock = folder_lock(tls_path(tls, "ca"), NULL);

    assert_true(lock >= 0);
    for (size_t i = 0; i < 2; i++) {
        const char *const words[] = {"provision",         "revoke",
                                     screens[i],          "--ca",
                                     tls_path(tls, "ca"), NULL};
        pids[i] = start_in_line(tls_path(tls, "ca"), words);
    }
    folder_unlock(lock);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(process_wait(pids[i]), 0);
    assert_int_equal(count_revoked(tls), 2);
}

static void who_waits_too_long_is_told_and_changes_nothing(void **state)
{
    struct tls_fixture *tls = *state;
    char *before = folder_read(tls->folder, "root/keys.gaoshi");
    int lock = folder_lock(tls_path(tls, "root"), NULL);

    TLS_RUN(tls, "keys", "revoke", LIST, tls_path(tls, "root/duty.pub.pem"),
            "--root", ROOT);
    assert_int_equal(tls->result.code, 1);
    assert_non_null(strstr(tls->result.err, "another gaoshi-publish"));
    folder_unlock(lock);
    char *after = folder_read(tls->folder, "root/keys.gaoshi");
    assert_string_equal(before, after);
    free(before);
    free(after);
}

/* An operator may call a copy so. */
static void a_file_beside_the_list_is_left_alone(void **state)
{
    struct tls_fixture *tls = *state;

    assert_true(folder_write(tls->folder, "root/keys.gaoshi.new", "mine"));
    TLS_RUN(tls, "keys", "revoke", LIST, tls_path(tls, "root/duty.pub.pem"),
            "--root", ROOT);
    assert_int_equal(tls->result.code, 0);
    char *mine = folder_read(tls->folder, "root/keys.gaoshi.new");
    assert_string_equal(mine, "mine");
    free(mine);
}

#define LOCK_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, open_tls, tls_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOCK_TEST(a_revocation_outlives_a_grant_at_the_same_time),
        LOCK_TEST(two_certificates_revoked_at_once_are_both_on_the_list),
        LOCK_TEST(who_waits_too_long_is_told_and_changes_nothing),
        LOCK_TEST(a_file_beside_the_list_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
