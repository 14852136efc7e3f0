/* Opens key files; asks for pass-phrases. */
#include "publisher/keyfile/key_file.h"

#include "base/files.h"
#include "base/translate.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool read_from_file(const char *path,
                           char out[LIMIT_PASS_PHRASE_BYTES + 1],
                           struct problem *problem)
{
    char *text = file_read_password(path, FILE_CARE_SECRET, problem);

    if (!text)
        return false;
    size_t length = strlen(text);
    bool fits = length > 0 && length <= LIMIT_PASS_PHRASE_BYTES;
    if (fits)
        memcpy(out, text, length + 1);
    else
        problem_set_place(problem, path);
    explicit_bzero(text, length);
    free(text);
    return fits || problem_set(problem, PROBLEM_AUTHORITY,
                               "pass-phrase of %zu bytes, 1 to %d expected",
                               length, LIMIT_PASS_PHRASE_BYTES);
}

static bool ask(const char *prompt, bool twice,
                char out[LIMIT_PASS_PHRASE_BYTES + 1], struct problem *problem)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return problem_set(problem, PROBLEM_AUTHORITY,
                           "the pass-phrase wants a terminal, or "
                           "--pass-phrase-file");
    /* OpenSSL switches the echo off, and on again after a signal. */
    return EVP_read_pw_string_min(out, 1, LIMIT_PASS_PHRASE_BYTES, prompt,
                                  twice) == 0 ||
           problem_set(problem, PROBLEM_AUTHORITY, "no pass-phrase was typed");
}

/* True: the command has chosen one already. */
static bool take_chosen(const struct options *options,
                        char out[LIMIT_PASS_PHRASE_BYTES + 1])
{
    if (!options->pass_phrase)
        return false;
    snprintf(out, LIMIT_PASS_PHRASE_BYTES + 1, "%s", options->pass_phrase);
    return true;
}

bool key_file_find_pass_phrase(const struct options *options, const char *path,
                               char out[LIMIT_PASS_PHRASE_BYTES + 1],
                               struct problem *problem)
{
    char prompt[160];

    if (take_chosen(options, out))
        return true;
    if (options->pass_phrase_file)
        return read_from_file(options->pass_phrase_file, out, problem);
    snprintf(prompt, sizeof prompt, tr("Pass-phrase of %.100s: "), path);
    return ask(prompt, false, out, problem);
}

static bool open_locked(const struct options *options, const char *path,
                        const char *pem, size_t bytes, struct key **out,
                        struct problem *problem)
{
    char pass_phrase[LIMIT_PASS_PHRASE_BYTES + 1] = "";
    bool opened = key_file_find_pass_phrase(options, path, pass_phrase,
                                            problem) &&
                  key_from_private_pem(pem, bytes, pass_phrase, out, problem);

    explicit_bzero(pass_phrase, sizeof pass_phrase);
    return opened;
}

bool key_file_open_private(const struct options *options, const char *path,
                           struct key **out, struct problem *problem)
{
    char *pem = file_read_secret(path, problem);

    if (!pem)
        return false;
    size_t bytes = strlen(pem);
    bool opened = key_pem_is_locked(pem, bytes)
                      ? open_locked(options, path, pem, bytes, out, problem)
                      : key_from_private_pem(pem, bytes, NULL, out, problem);
    if (!opened && !problem->place[0])
        problem_set_place(problem, path);
    explicit_bzero(pem, bytes);
    free(pem);
    return opened;
}

bool key_file_choose_pass_phrase(const struct options *options,
                                 char out[LIMIT_PASS_PHRASE_BYTES + 1],
                                 struct problem *problem)
{
    if (take_chosen(options, out))
        return true;
    if (options->pass_phrase_file)
        return read_from_file(options->pass_phrase_file, out, problem);
    return ask(tr("Pass-phrase of the new key: "), true, out, problem);
}

bool key_file_open_public(const char *path, struct key **out,
                          struct problem *problem)
{
    size_t bytes = 0;
    char *pem = file_read_trusted(path, LIMIT_KEY_PEM_BYTES, &bytes, problem);
    bool read = pem && key_from_public_pem(pem, bytes, out, problem);

    if (pem)
        explicit_bzero(pem, bytes);
    free(pem);
    if (!read)
        problem_set_place(problem, path);
    return read;
}
