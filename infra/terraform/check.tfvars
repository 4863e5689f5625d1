# What the examples and environments are planned with by ./check. The key's private half was thrown away.
account_id             = "111122223333"
region                 = "us-east-1"
snowflake_organization = "ACME"
snowflake_account      = "RETAIL"
allowed_ips            = ["203.0.113.7"]
loader_public_key      = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA18TJkoOLc8uhwhUDBQR1EBjmkrBurPL9JBwv6CDE7Q5YuisGtUU96YBYHJg3MD8991r44+vcL8tPOX/O4jhKdL2E19g47T/qBUNr4LtETg3E3wIRPneGFGb33T/9wBEvUb6wdHx7o+AXgftRFZHuAlO5vOX8WBNLvajwJiB+uL/Ij/UE5gB3vU8tecxmrJP3Pm7QWPplkhNuTdxzJjkYT8fw7ZJzyPE77ok+Evu3uOx7fTk2su7JtOmDBSbdZdG5OiEpSzOxR1Ls9K5z4DPH5TDmLB4gqVXBKC5ko2HvdAI2DMTKd6/TABay+m7JprbKWmemKjQiID+x6zuZPAnPdwIDAQAB"
