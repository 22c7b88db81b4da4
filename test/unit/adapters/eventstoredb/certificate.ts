import { read } from '../../../support/documents.ts'

/** Made for these tests only: a self-signed certificate for 127.0.0.1, valid until 2126, and its key. */
export const certificate = read('test/fixtures/tls/certificate.pem')
export const privateKey = read('test/fixtures/tls/private-key.pem')
