@auth @refusal
Feature: Requests that are not authenticated
  Every action takes a ZC2-HMAC-SHA256 signature or a bearer token. Without a valid one, the
  answer is 401 and nothing changes.

  @S-AUTH-REQUIRED
  Rule: A request without Authorization is refused with a documented 401 pair.

    @no-authorization @R-REFUSED-UNCHANGED
    Scenario Outline: <action> without Authorization is refused
      Given a <start> instance
      When <action> is called without Authorization
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | every action |

    @no-authorization-no-parameters @R-REFUSED-UNCHANGED
    Example: A read of all instances without Authorization is refused
      Given a STOPPED instance
      When DescribeInstances is called without Authorization and without parameters
      Then the answer is a documented 401 error
      And the instance is unchanged

  @S-AUTH-TIMESTAMP-REQUIRED
  Rule: A signed request without X-ZC-Timestamp is refused with a documented 401 pair.

    @no-timestamp @R-REFUSED-UNCHANGED
    Scenario Outline: <action> without a timestamp is refused
      Given a <start> instance
      When <action> is called without a timestamp
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | every action |

  @S-AUTH-METHOD-REQUIRED
  Rule: A signed request without X-ZC-Signature-Method is refused with a documented 401 pair.

    @no-signature-method @R-REFUSED-UNCHANGED
    Scenario Outline: <action> without a signature method is refused
      Given a <start> instance
      When <action> is called without a signature method
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | every action |

  @S-AUTH-KEY
  Rule: A request signed under an unknown key is refused with a documented 401 pair.

    @R-REFUSED-UNCHANGED
    Scenario Outline: <action> <variation> is refused
      Given a <start> instance
      When <action> is called <variation>
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | id                     | every action | variation                                     |
        | unknown-key[<action>]  |              | signed with an unknown key ID                 |
        | extended-key[<action>] |              | signed with extra characters after the key ID |

    @unknown-key-empty-password @R-REFUSED-UNCHANGED
    Scenario: A read signed with an unknown key ID and an empty password is refused
      Given a STOPPED instance
      When DescribeInstances is called signed with an unknown key ID and an empty password
      Then the answer is a documented 401 error
      And the instance is unchanged

  @K-AUTH-TOKEN
  Rule: A wrong bearer token is refused with a documented 401 pair.

    @R-REFUSED-UNCHANGED
    Scenario Outline: <action> <variation> is refused
      Given a <start> instance
      When <action> is called <variation>
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | id                       | every action | variation                                    |
        | wrong-token[<action>]    |              | with a wrong bearer token                    |
        | token-cut[<action>]      |              | with half of the bearer token missing        |
        | token-extended[<action>] |              | with extra characters after the bearer token |

    @token-changed @R-REFUSED-UNCHANGED
    Scenario: A read with one character of the bearer token changed is refused
      Given a STOPPED instance
      When DescribeInstancesStatus is called with one character of the bearer token changed
      Then the answer is a documented 401 error
      And the instance is unchanged

  @E-AUTHORIZATION
  Rule: An Authorization header that does not follow the standard is answered with 401 AUTHFAILURE_INVALID_AUTHORIZATION.

    @R-REFUSED-UNCHANGED
    Scenario Outline: <action> <variation> is refused
      Given a <start> instance
      When <action> is called <variation>
      Then the answer is the error 401 AUTHFAILURE_INVALID_AUTHORIZATION
      And the instance is unchanged

      Examples:
        | id                               | every action | variation                            |
        | unknown-authorization[<action>]  |              | with an unknown authorization scheme |
        | nonsense-authorization[<action>] |              | with an Authorization of one word    |
        | other-scheme[<action>]           |              | signed under another scheme          |

    Scenario Outline: <action> <variation> is refused
      When <action> is called <variation>
      Then the answer is a documented 401 error

      Examples:
        | id                                         | action                  | variation                                   |
        | without-signature[DescribeInstancesStatus] | DescribeInstancesStatus | without Signature in Authorization          |
        | bearer-alone[DescribeInstances]            | DescribeInstances       | with the word Bearer alone in Authorization |

  @E-SIGNATURE
  Rule: A signature that does not match is answered with 401 AUTHFAILURE_SIGNATURE_FAILURE.

    @R-REFUSED-UNCHANGED
    Scenario Outline: <action> <variation> is refused
      Given a <start> instance
      When <action> is called <variation>
      Then the answer is <expected>
      And the instance is unchanged

      Examples:
        | id                                | every action | variation                                     | expected                                                                             |
        | changed-signature[<action>]       |              | with one digit of its signature changed       | the error 401 AUTHFAILURE_SIGNATURE_FAILURE                                          |
        | changed-signature-start[<action>] |              | with the first digit of its signature changed | the error 401 AUTHFAILURE_SIGNATURE_FAILURE                                          |
        | signature-cut[<action>]           |              | with half of its signature missing            | the error 401 AUTHFAILURE_SIGNATURE_FAILURE or 401 AUTHFAILURE_INVALID_AUTHORIZATION |
        | signature-extended[<action>]      |              | with extra characters after its signature     | the error 401 AUTHFAILURE_SIGNATURE_FAILURE or 401 AUTHFAILURE_INVALID_AUTHORIZATION |

    @signature-empty @R-REFUSED-UNCHANGED
    Scenario: A read with an empty signature is refused
      Given a STOPPED instance
      When DescribeInstances is called with an empty signature
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE or 401 AUTHFAILURE_INVALID_AUTHORIZATION
      And the instance is unchanged

  @S-SIGN-PASSWORD
  Rule: The signature is made with the key's own password: another one is refused with 401 AUTHFAILURE_SIGNATURE_FAILURE.

    @other-password @E-SIGNATURE @R-REFUSED-UNCHANGED
    Scenario Outline: <action> signed with a wrong password is refused
      Given a <start> instance
      When <action> is called signed with a wrong password
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

      Examples:
        | every action |

    @other-password-no-parameters @E-SIGNATURE @R-REFUSED-UNCHANGED
    Example: A read of all instances signed with a wrong password is refused
      Given a STOPPED instance
      When DescribeInstancesStatus is called signed with a wrong password and without parameters
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

  @S-SIGN-BODY
  Rule: The signature covers the body: a body other than the signed one is refused with 401 AUTHFAILURE_SIGNATURE_FAILURE.

    @other-body @E-SIGNATURE @R-REFUSED-UNCHANGED
    Scenario Outline: <action> with its body changed after signing is refused
      Given a <start> instance
      When <action> is called with its body changed after signing
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

      Examples:
        | every action |

    @E-SIGNATURE @R-REFUSED-UNCHANGED
    Scenario Outline: <action> <variation> is refused
      Given a STOPPED instance
      When <action> is called <variation>
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

      Examples:
        | id                    | action                  | variation                                        |
        | signed-for-no-body    | DescribeInstancesStatus | signed for an empty body                         |
        | signed-without-spaces | DescribeInstancesStatus | with white space in its body that was not signed |

  @S-SIGN-HEADERS
  Rule: The signature covers every signed header: another value is refused with 401 AUTHFAILURE_SIGNATURE_FAILURE.

    @E-SIGNATURE @R-REFUSED-UNCHANGED
    Scenario Outline: <action> <variation> is refused
      Given a <start> instance
      When <action> is called <variation>
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

      Examples:
        | id                                    | every action | variation                                                          |
        | other-header[<action>]                |              | with a signed header changed after signing                         |
        | changed-signature-over-more[<action>] |              | with further headers signed and one digit of its signature changed |
        | other-further-header[<action>]        |              | with a further signed header changed after signing                 |
        | other-host[<action>]                  |              | signed for another host                                            |

    @signed-for-another-action @E-SIGNATURE @R-REFUSED-UNCHANGED
    Scenario: A read that is signed for another action is refused
      Given a STOPPED instance
      When DescribeInstances is called signed for another action
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

  @S-SIGN-TIMESTAMP
  Rule: The signature covers the timestamp: another one is refused with 401 AUTHFAILURE_SIGNATURE_FAILURE.

    @other-timestamp @E-SIGNATURE @R-REFUSED-UNCHANGED
    Scenario Outline: <action> with its timestamp changed after signing is refused
      Given a <start> instance
      When <action> is called with its timestamp changed after signing
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

      Examples:
        | every action |

  @E-EXPIRED
  Rule: A timestamp more than five minutes off the server's time is answered with 401 AUTHFAILURE_SIGNATURE_EXPIRED.

    @R-REFUSED-UNCHANGED
    Scenario Outline: <action> <variation> is refused
      Given a <start> instance
      When <action> is called <variation>
      Then the answer is <expected>
      And the instance is unchanged

      Examples:
        | id                               | every action | variation                               | expected                                    |
        | signed-long-ago[<action>]        |              | signed 6 minutes ago                    | the error 401 AUTHFAILURE_SIGNATURE_EXPIRED |
        | signed-in-milliseconds[<action>] |              | signed with a timestamp in milliseconds | a documented 401 error                      |
        | signed-at-zero[<action>]         |              | signed with the timestamp 0             | a documented 401 error                      |
        | signed-hours-ago[<action>]       |              | signed 8 hours ago                      | the error 401 AUTHFAILURE_SIGNATURE_EXPIRED |
        | signed-hours-ahead[<action>]     |              | signed 8 hours ahead                    | the error 401 AUTHFAILURE_SIGNATURE_EXPIRED |
        | signed-far-ahead[<action>]       |              | signed 6 minutes ahead                  | the error 401 AUTHFAILURE_SIGNATURE_EXPIRED |

    @R-REFUSED-UNCHANGED
    Scenario Outline: A read <variation> is refused
      Given a STOPPED instance
      When DescribeInstances is called <variation>
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_EXPIRED
      And the instance is unchanged

      Examples:
        | id                   | variation            |
        | signed-an-hour-ago   | signed an hour ago   |
        | signed-an-hour-ahead | signed an hour ahead |

  @S-AUTH-TIMESTAMP-FORM
  Rule: The timestamp is a whole number of seconds: a request signed with another text is refused with a documented 400 or 401 pair.

    @R-REFUSED-UNCHANGED
    Scenario Outline: <action> signed with a timestamp <form> is refused
      Given a STOPPED instance
      When <action> is called signed with a timestamp <form>
      Then the answer is a documented 400 or 401 error
      And the instance is unchanged

      Examples:
        | id                                  | every reading action | form             |
        | timestamp-form[<action>: letters]   |                      | of letters       |
        | timestamp-form[<action>: fraction]  |                      | with a fraction  |
        | timestamp-form[<action>: sign]      |                      | with a plus sign |
        | timestamp-form[<action>: 40 digits] |                      | of 40 digits     |

      Examples:
        | id                                  | action             | form             |
        | timestamp-form[<action>: letters]   | ModifyInstanceType | of letters       |
        | timestamp-form[<action>: fraction]  | ModifyInstanceType | with a fraction  |
        | timestamp-form[<action>: sign]      | ModifyInstanceType | with a plus sign |
        | timestamp-form[<action>: 40 digits] | ModifyInstanceType | of 40 digits     |
