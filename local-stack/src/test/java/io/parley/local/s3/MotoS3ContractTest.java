package io.parley.local.s3;

import io.parley.local.contract.Endpoint;

class MotoS3ContractTest extends S3ContractTest {

    @Override
    Endpoint open() {
        return Endpoint.moto();
    }
}
