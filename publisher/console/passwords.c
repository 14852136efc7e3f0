/* scrypt by OpenSSL, and the thread that computes it. */
#include "publisher/console/passwords.h"

#include "base/utf8.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

/* The cost of new ones: 32 MiB, three times. */
enum { COST_N = 32768, COST_R = 8, COST_P = 3 };
/* The most of a file. */
enum { N_MAX = 1 << 18, R_MAX = 16, P_MAX = 16 };
#define MEMORY_MAX ((uint64_t)256 * 1024 * 1024)

bool password_is_good(const char *text, struct problem *problem)
{
    size_t bytes = strlen(text), characters = 0;

    if (bytes > PASSWORD_BYTES || !utf8_is_valid(text, bytes, NULL))
        return problem_set(problem, PROBLEM_FIELD,
                           "expected UTF-8 of %d bytes at most",
                           PASSWORD_BYTES);
    for (const char *at = text; *at; at++)
        characters += ((unsigned char)*at & 0xC0) != 0x80;
    return characters >= PASSWORD_LEAST ||
           problem_set(problem, PROBLEM_FIELD,
                       "%zu characters, %d at least expected", characters,
                       PASSWORD_LEAST);
}

static bool compute(const struct password *password, const char *text,
                    unsigned char out[PASSWORD_HASH_BYTES])
{
    return EVP_PBE_scrypt(text, strlen(text), password->salt,
                          PASSWORD_SALT_BYTES, password->n, password->r,
                          password->p, MEMORY_MAX + 1024 * 1024, out,
                          PASSWORD_HASH_BYTES) == 1;
}

bool password_make(const char *text, struct password *out,
                   struct problem *problem)
{
    struct password made = {.n = COST_N, .r = COST_R, .p = COST_P};

    if (getrandom(made.salt, sizeof made.salt, 0) != (ssize_t)sizeof made.salt)
        return problem_set(problem, PROBLEM_SYSTEM, "no random numbers");
    if (!compute(&made, text, made.hash))
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    *out = made;
    return true;
}

bool password_is(const struct password *password, const char *text)
{
    unsigned char hash[PASSWORD_HASH_BYTES];

    return compute(password, text, hash) &&
           CRYPTO_memcmp(hash, password->hash, sizeof hash) == 0;
}

void hex_print(const unsigned char *bytes, size_t count, char *out)
{
    for (size_t i = 0; i < count; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

bool hex_draw(size_t count, char *out)
{
    unsigned char random[HEX_DRAW_MAX];

    if (count > sizeof random || getrandom(random, count, 0) != (ssize_t)count)
        return false;
    hex_print(random, count, out);
    return true;
}

void password_print(const struct password *password,
                    char out[PASSWORD_TEXT_BYTES])
{
    char salt[2 * PASSWORD_SALT_BYTES + 1], hash[2 * PASSWORD_HASH_BYTES + 1];

    hex_print(password->salt, PASSWORD_SALT_BYTES, salt);
    hex_print(password->hash, PASSWORD_HASH_BYTES, hash);
    snprintf(out, PASSWORD_TEXT_BYTES, "%llu:%llu:%llu:%s:%s",
             (unsigned long long)password->n, (unsigned long long)password->r,
             (unsigned long long)password->p, salt, hash);
}

/* A number of 1 … most before a colon; moves past it. */
static bool take_number(const char **at, uint64_t most, uint64_t *out)
{
    size_t digits = strspn(*at, "0123456789");
    uint64_t number = digits > 0 && digits < 10 ? strtoull(*at, NULL, 10) : 0;

    if (number < 1 || number > most || (*at)[digits] != ':')
        return false;
    *at += digits + 1;
    *out = number;
    return true;
}

static int digit_of(char character)
{
    const char *digits = "0123456789abcdef";
    const char *found = character ? strchr(digits, character) : NULL;

    return found ? (int)(found - digits) : -1;
}

static bool take_hex(const char **at, size_t count, char end,
                     unsigned char *out)
{
    for (size_t i = 0; i < count; i++) {
        int high = digit_of((*at)[0]);
        int low = high < 0 ? -1 : digit_of((*at)[1]);
        if (low < 0)
            return false;
        out[i] = (unsigned char)(high << 4 | low);
        *at += 2;
    }
    if (**at != end)
        return false;
    *at += end != '\0';
    return true;
}

bool password_parse(const char *text, struct password *out)
{
    struct password read;

    if (!take_number(&text, N_MAX, &read.n) ||
        !take_number(&text, R_MAX, &read.r) ||
        !take_number(&text, P_MAX, &read.p) || read.n < 2 ||
        (read.n & (read.n - 1)) != 0 || 128 * read.n * read.r > MEMORY_MAX ||
        !take_hex(&text, PASSWORD_SALT_BYTES, ':', read.salt) ||
        !take_hex(&text, PASSWORD_HASH_BYTES, '\0', read.hash))
        return false;
    *out = read;
    return true;
}

struct check {
    struct password password;
    bool is_nobody;
    char text[PASSWORD_BYTES + 1];
    enum password_result result;
    void (*done)(void *context, enum password_result result);
    void *context;
};

struct password_checker {
    pthread_t thread;
    bool has_thread;
    int fd;
    pthread_mutex_t lock; /* guards all that follows */
    pthread_cond_t wanted;
    bool ends;
    struct check *checks[PASSWORDS_WAITING]; /* the oldest first */
    size_t count;
    size_t done; /* of the first ones: only waits for its call back */
};

/* Compares without the lock: a check that is not done is the thread's. */
static void *work(void *context)
{
    struct password_checker *checker = context;

    pthread_mutex_lock(&checker->lock);
    while (!checker->ends) {
        if (checker->done == checker->count) {
            pthread_cond_wait(&checker->wanted, &checker->lock);
            continue;
        }
        struct check *check = checker->checks[checker->done];
        pthread_mutex_unlock(&checker->lock);
        bool is_right = password_is(&check->password, check->text);
        pthread_mutex_lock(&checker->lock);
        check->result = is_right && !check->is_nobody ? PASSWORD_RIGHT
                                                      : PASSWORD_WRONG;
        checker->done++;
        eventfd_write(checker->fd, 1);
    }
    pthread_mutex_unlock(&checker->lock);
    return NULL;
}

struct password_checker *password_checker_create(void)
{
    struct password_checker *checker = calloc(1, sizeof *checker);

    if (!checker)
        return NULL;
    checker->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&checker->lock, NULL);
    pthread_cond_init(&checker->wanted, NULL);
    checker->has_thread = checker->fd >= 0 &&
                          pthread_create(&checker->thread, NULL, work,
                                         checker) == 0;
    if (checker->has_thread)
        return checker;
    password_checker_destroy(checker);
    return NULL;
}

static void tell(struct check *check)
{
    check->done(check->context, check->result);
    explicit_bzero(check, sizeof *check);
    free(check);
}

void password_checker_destroy(struct password_checker *checker)
{
    if (!checker)
        return;
    if (checker->has_thread) {
        pthread_mutex_lock(&checker->lock);
        checker->ends = true;
        pthread_cond_signal(&checker->wanted);
        pthread_mutex_unlock(&checker->lock);
        pthread_join(checker->thread, NULL);
    }
    for (size_t i = 0; i < checker->count; i++)
        tell(checker->checks[i]);
    pthread_cond_destroy(&checker->wanted);
    pthread_mutex_destroy(&checker->lock);
    if (checker->fd >= 0)
        close(checker->fd);
    free(checker);
}

bool password_checker_ask(struct password_checker *checker,
                          const struct password *password, const char *text,
                          void (*done)(void *context,
                                       enum password_result result),
                          void *context)
{
    struct check *check = strlen(text) > PASSWORD_BYTES
                              ? NULL
                              : calloc(1, sizeof *check);

    if (!check)
        return false;
    *check = (struct check){.password = {.n = COST_N, .r = COST_R, .p = COST_P},
                            .is_nobody = !password,
                            .result = PASSWORD_UNKNOWN,
                            .done = done,
                            .context = context};
    if (password)
        check->password = *password;
    snprintf(check->text, sizeof check->text, "%s", text);
    pthread_mutex_lock(&checker->lock);
    bool fits = checker->count < PASSWORDS_WAITING;
    if (fits)
        checker->checks[checker->count++] = check;
    pthread_cond_signal(&checker->wanted);
    pthread_mutex_unlock(&checker->lock);
    if (!fits) {
        explicit_bzero(check, sizeof *check);
        free(check);
    }
    return fits;
}

int password_checker_fd(const struct password_checker *checker)
{
    return checker->fd;
}

static struct check *take_done(struct password_checker *checker)
{
    struct check *check = NULL;

    pthread_mutex_lock(&checker->lock);
    if (checker->done > 0) {
        check = checker->checks[0];
        checker->done--;
        checker->count--;
        memmove(checker->checks, checker->checks + 1,
                checker->count * sizeof checker->checks[0]);
    }
    pthread_mutex_unlock(&checker->lock);
    return check;
}

void password_checker_turn(struct password_checker *checker)
{
    eventfd_t count;
    struct check *check;

    eventfd_read(checker->fd, &count);
    while ((check = take_done(checker)))
        tell(check);
}
