"""People by OpenID Connect: where an issuer is, what its tokens say, and who somebody is by them."""
