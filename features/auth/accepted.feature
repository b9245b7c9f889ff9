@auth @accepted
Feature: Authenticated requests that are accepted
  Whatever the documents allow is accepted, in each form that clients send.

  @S-AUTH-HMAC
  Rule: A request signed with ZC2-HMAC-SHA256 is accepted; the canonical request names the path / and an empty query, whatever the real ones are.

    Scenario Outline: <action> <variation> succeeds
      Given a STOPPED instance
      When <action> is called <variation>
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | id                            | every reading action | variation                                            |
        | signed-as-documented[<action>] |                      | signed as documented                                 |
        | blanks-in-body[<action>]      |                      | signed with white space around and within its body  |

    @query-in-url
    Example: The query of the URL is not signed
      Given a STOPPED instance
      When DescribeInstances is called with a query in its URL
      Then the signature is accepted

    @text-beyond-ascii
    Example: A body with non-ASCII text is signed as its bytes
      Given a STOPPED instance
      When DescribeInstances is called with name as "实例 é"
      Then the signature is accepted

  @S-AUTH-SIGNED-HEADERS
  Rule: More headers than content-type and host may be signed.

    Scenario Outline: <action> <variation> succeeds
      Given a STOPPED instance
      When <action> is called <variation>
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | id                              | every reading action | variation                                          |
        | more-signed-headers[<action>]   |                      | with further headers signed                        |
        | earlier-signed-header[<action>] |                      | with a signed header that sorts before content-type |

    @change-more-signed-headers
    Example: ModifyInstanceType with further headers signed is authenticated
      Given an instance that does not exist
      When ModifyInstanceType is called with further headers signed
      Then the caller is accepted

  @S-AUTH-WINDOW
  Rule: A timestamp within five minutes of the server's time is accepted.

    Scenario Outline: <action> <variation> succeeds
      Given a STOPPED instance
      When <action> is called <variation>
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | id                          | every reading action | variation              |
        | signed-just-now[<action>]   |                      | signed 4 minutes ago   |
        | signed-just-ahead[<action>] |                      | signed 4 minutes ahead |

    Scenario Outline: ModifyInstanceType <variation> is authenticated
      Given an instance that does not exist
      When ModifyInstanceType is called <variation>
      Then the caller is accepted

      Examples:
        | id                       | variation              |
        | change-signed-just-now   | signed 4 minutes ago   |
        | change-signed-just-ahead | signed 4 minutes ahead |

  @K-AUTH-BEARER
  Rule: A bearer token is accepted without timestamp and signature method.

    @bearer-token
    Scenario Outline: <action> with a bearer token succeeds
      Given a STOPPED instance
      When <action> is called with a bearer token
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | every reading action |

    @change-bearer-token
    Example: ModifyInstanceType with a bearer token is authenticated
      Given an instance that does not exist
      When ModifyInstanceType is called with a bearer token
      Then the caller is accepted

    @batch-bearer-token
    Scenario Outline: <action> with a bearer token is authenticated
      Given an instance that does not exist
      When <action> is called with a bearer token
      Then the caller is accepted

      Examples:
        | every batch action |

  @K-HEADER-CASE
  Rule: Header names are case-insensitive.

    @lower-case-headers
    Scenario Outline: <action> with its header names in lower case succeeds
      Given a STOPPED instance
      When <action> is called with its header names in lower case
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | every reading action |

  @K-HEADER-SDK
  Rule: The further headers that the SDKs send are accepted.

    @sdk-headers
    Scenario Outline: <action> with the further headers of the SDKs succeeds
      Given a STOPPED instance
      When <action> is called with the further headers of the SDKs
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | every reading action |

  @S-MEDIA-CHARSET
  Rule: The media type application/json; charset=utf-8 is accepted.

    @media-charset
    Scenario Outline: <action> as application/json; charset=utf-8 succeeds
      Given a STOPPED instance
      When <action> is called as application/json; charset=utf-8
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | every reading action |

    @change-media-charset
    Scenario Outline: <action> takes application/json; charset=utf-8
      Given an instance that does not exist
      When <action> is called as application/json; charset=utf-8
      Then the media type is accepted

      Examples:
        | action             |
        | ModifyInstanceType |
        | StartInstances     |
        | StopInstances      |
