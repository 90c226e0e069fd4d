/** That a bug is caught is all that is asked: a random test that fails need not look for the smallest case. */
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
