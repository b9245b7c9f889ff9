@auth @refusal
Feature: Requests that are not authenticated
  Every action is signed with ZC2-HMAC-SHA256 or carries a bearer token. Whatever is
  wrong with that, the answer is 401 and nothing has happened.

  @S-AUTH-REQUIRED
  Rule: A request without Authorization is refused with a documented 401 pair.

    @no-authorization @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused without Authorization
      Given a <start> instance
      When <action> is called without Authorization
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | every action |

  @S-AUTH-TIMESTAMP-REQUIRED
  Rule: A signed request without X-ZC-Timestamp is refused with a documented 401 pair.

    @no-timestamp @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused without its timestamp
      Given a <start> instance
      When <action> is called without its timestamp
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | every action |

  @S-AUTH-METHOD-REQUIRED
  Rule: A signed request without X-ZC-Signature-Method is refused with a documented 401 pair.

    @no-signature-method @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused without its signature method
      Given a <start> instance
      When <action> is called without its signature method
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | every action |

  @S-AUTH-KEY
  Rule: A request signed under an unknown key is refused with a documented 401 pair.

    @unknown-key @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused under an unknown key
      Given a <start> instance
      When <action> is called under an unknown key
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | every action |

    @extended-key @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused under a key that only begins as the right one
      Given a <start> instance
      When <action> is called under its key with more after it
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | every action |

  @K-AUTH-TOKEN
  Rule: A wrong bearer token is refused with a documented 401 pair.

    @wrong-token @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused with a wrong bearer token
      Given a <start> instance
      When <action> is called with a wrong bearer token
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | every action |

    @token-cut @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused with half of a bearer token
      Given a <start> instance
      When <action> is called with half of the bearer token missing
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | every action |

    @token-extended @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused with a bearer token that only begins as the right one
      Given a <start> instance
      When <action> is called with more after the bearer token
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | every action |

  @E-AUTHORIZATION
  Rule: An Authorization header that does not follow the standard is answered with 401 AUTHFAILURE_INVALID_AUTHORIZATION.

    @unknown-authorization @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused with an Authorization of no known kind
      Given a <start> instance
      When <action> is called with an Authorization of no known kind
      Then the answer is the error 401 AUTHFAILURE_INVALID_AUTHORIZATION
      And the instance is unchanged

      Examples:
        | every action |

    @nonsense-authorization @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused with an Authorization of one word
      Given a <start> instance
      When <action> is called with an Authorization of one word
      Then the answer is the error 401 AUTHFAILURE_INVALID_AUTHORIZATION
      And the instance is unchanged

      Examples:
        | every action |

    @other-scheme @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused when signed under another scheme
      Given a <start> instance
      When <action> is called signed under another scheme
      Then the answer is the error 401 AUTHFAILURE_INVALID_AUTHORIZATION
      And the instance is unchanged

      Examples:
        | every action |

  @E-SIGNATURE
  Rule: A signature that does not match is answered with 401 AUTHFAILURE_SIGNATURE_FAILURE.

    @changed-signature @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused when its signature was changed
      Given a <start> instance
      When <action> is called with one digit of its signature changed
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

      Examples:
        | every action |

    @changed-signature-start @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused when the start of its signature was changed
      Given a <start> instance
      When <action> is called with the first digit of its signature changed
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

      Examples:
        | every action |

    @signature-cut @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused with half of a signature
      Given a <start> instance
      When <action> is called with half of its signature missing
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE or 401 AUTHFAILURE_INVALID_AUTHORIZATION
      And the instance is unchanged

      Examples:
        | every action |

    @signature-extended @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused with more than a signature
      Given a <start> instance
      When <action> is called with more after its signature
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE or 401 AUTHFAILURE_INVALID_AUTHORIZATION
      And the instance is unchanged

      Examples:
        | every action |

  @S-SIGN-PASSWORD
  Rule: The signature is made with the key's own password: another one is refused with 401 AUTHFAILURE_SIGNATURE_FAILURE.

    @other-password @E-SIGNATURE @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused when signed with another password
      Given a <start> instance
      When <action> is called signed with another password
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

      Examples:
        | every action |

  @S-SIGN-BODY
  Rule: The signature covers the body: a body other than the signed one is refused with 401 AUTHFAILURE_SIGNATURE_FAILURE.

    @other-body @E-SIGNATURE @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused when its body is not the signed one
      Given a <start> instance
      When <action> is called with another body than the signed one
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

      Examples:
        | every action |

  @S-SIGN-HEADERS
  Rule: The signature covers every signed header: another value is refused with 401 AUTHFAILURE_SIGNATURE_FAILURE.

    @other-header @E-SIGNATURE @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused when a signed header has another value
      Given a <start> instance
      When <action> is called with another value of a signed header
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

      Examples:
        | every action |

    @changed-signature-over-more @E-SIGNATURE @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused when its signature over further headers was changed
      Given a <start> instance
      When <action> is called with further headers signed and one digit of its signature changed
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

      Examples:
        | every action |

  @S-SIGN-TIMESTAMP
  Rule: The signature covers the timestamp: another one is refused with 401 AUTHFAILURE_SIGNATURE_FAILURE.

    @other-timestamp @E-SIGNATURE @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused when its timestamp is not the signed one
      Given a <start> instance
      When <action> is called with another timestamp than the signed one
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_FAILURE
      And the instance is unchanged

      Examples:
        | every action |

  @E-EXPIRED
  Rule: A timestamp more than five minutes off the server's time is answered with 401 AUTHFAILURE_SIGNATURE_EXPIRED.

    @signed-long-ago @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused when signed 6 minutes ago
      Given a <start> instance
      When <action> is called signed 6 minutes ago
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_EXPIRED
      And the instance is unchanged

      Examples:
        | every action |

    @signed-in-milliseconds @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused when signed with a timestamp in milliseconds, which is far ahead in seconds
      Given a <start> instance
      When <action> is called signed with a timestamp in milliseconds
      Then the answer is a documented 401 error
      And the instance is unchanged

      Examples:
        | every action |

    @signed-hours-ago @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused when signed 8 hours ago, which is no matter of time zones
      Given a <start> instance
      When <action> is called signed 8 hours ago
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_EXPIRED
      And the instance is unchanged

      Examples:
        | every action |

    @signed-hours-ahead @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused when signed 8 hours ahead, which is no matter of time zones
      Given a <start> instance
      When <action> is called signed 8 hours ahead
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_EXPIRED
      And the instance is unchanged

      Examples:
        | every action |

    @signed-far-ahead @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused when signed 6 minutes ahead
      Given a <start> instance
      When <action> is called signed 6 minutes ahead
      Then the answer is the error 401 AUTHFAILURE_SIGNATURE_EXPIRED
      And the instance is unchanged

      Examples:
        | every action |

  @S-AUTH-TIMESTAMP-FORM
  Rule: The timestamp is a whole number of seconds: a request signed with another text is refused with a documented 400 or 401 pair.

    @timestamp-form @R-REFUSED-UNCHANGED
    Scenario Outline: <case> is no timestamp, and refused
      Given a STOPPED instance
      When <action> is called signed <stamp>
      Then the answer is a documented 400 or 401 error
      And the instance is unchanged

      Examples:
        | case                               | action                  | stamp                                     |
        | ModifyInstanceType: letters        | ModifyInstanceType      | with a timestamp of letters               |
        | ModifyInstanceType: fraction       | ModifyInstanceType      | with a timestamp in fractions of a second |
        | ModifyInstanceType: sign           | ModifyInstanceType      | with a timestamp with a sign              |
        | ModifyInstanceType: 40 digits      | ModifyInstanceType      | with a timestamp of 40 digits             |
        | DescribeInstancesStatus: letters   | DescribeInstancesStatus | with a timestamp of letters               |
        | DescribeInstancesStatus: fraction  | DescribeInstancesStatus | with a timestamp in fractions of a second |
        | DescribeInstancesStatus: sign      | DescribeInstancesStatus | with a timestamp with a sign              |
        | DescribeInstancesStatus: 40 digits | DescribeInstancesStatus | with a timestamp of 40 digits             |
        | DescribeInstances: letters         | DescribeInstances       | with a timestamp of letters               |
        | DescribeInstances: fraction        | DescribeInstances       | with a timestamp in fractions of a second |
        | DescribeInstances: sign            | DescribeInstances       | with a timestamp with a sign              |
        | DescribeInstances: 40 digits       | DescribeInstances       | with a timestamp of 40 digits             |
