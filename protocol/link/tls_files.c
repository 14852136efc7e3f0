/* The files of a line over TLS: read before they are needed, because Paho
 * says of a bad one only that the connection failed. */
#include "protocol/link/link.h"

#include "base/utf8.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

static bool fail(struct problem *problem, const char *option, const char *file,
                 const char *what)
{
    ERR_clear_error();
    problem_set_field(problem, option, "%s", what);
    if (problem)
        problem->code = PROBLEM_AUTHORITY;
    problem_set_place(problem, file);
    return false;
}

/* Never asks on the terminal: screens have nobody who could answer. */
static int no_pass_phrase(char *out, int size, int writing, void *context)
{
    (void)out, (void)size, (void)writing, (void)context;
    return -1;
}

/* OpenSSL passes over a first line that does not begin as it should, and with
 * it over the first of several certificates. */
static FILE *open_pem(const char *option, const char *file,
                      struct problem *problem)
{
    FILE *stream = fopen(file, "re");
    char start[3];

    if (!stream) {
        fail(problem, option, file, strerror(errno));
        return NULL;
    }
    size_t bytes = fread(start, 1, sizeof start, stream);
    if (utf8_mark_bytes(start, bytes) > 0) {
        fail(problem, option, file,
             "begins with a byte order mark; save it without one");
        fclose(stream);
        return NULL;
    }
    rewind(stream);
    return stream;
}

static X509 *read_certificate(const char *option, const char *file,
                              struct problem *problem)
{
    FILE *stream = open_pem(option, file, problem);

    if (!stream)
        return NULL;
    X509 *certificate = PEM_read_X509(stream, NULL, no_pass_phrase, NULL);
    fclose(stream);
    if (!certificate)
        fail(problem, option, file, "no PEM certificate");
    return certificate;
}

static EVP_PKEY *read_key(const char *file, struct problem *problem)
{
    FILE *stream = open_pem("broker.key", file, problem);

    if (!stream)
        return NULL;
    EVP_PKEY *key = PEM_read_PrivateKey(stream, NULL, no_pass_phrase, NULL);
    fclose(stream);
    if (!key)
        fail(problem, "broker.key", file,
             "no PEM private key without a pass phrase");
    return key;
}

static bool check_pair(const struct link_options *options,
                       struct problem *problem)
{
    X509 *certificate = read_certificate("broker.cert", options->cert_file,
                                         problem);
    EVP_PKEY *key = NULL;
    bool good = false;

    if (certificate)
        key = read_key(options->key_file, problem);
    if (key)
        good = X509_check_private_key(certificate, key) == 1 ||
               fail(problem, "broker.key", options->key_file,
                    "not the key of the certificate beside it");
    EVP_PKEY_free(key);
    X509_free(certificate);
    return good;
}

bool link_check_files(const struct link_options *options,
                      struct problem *problem)
{
    if (options->ca_file) {
        X509 *authority = read_certificate("broker.ca", options->ca_file,
                                           problem);
        if (!authority)
            return false;
        X509_free(authority);
    }
    if (!options->cert_file && !options->key_file)
        return true;
    if (!options->cert_file || !options->key_file)
        return problem_set_field(problem, "broker.key",
                                 "cert and key belong together");
    return check_pair(options, problem);
}
