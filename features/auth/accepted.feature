@auth @accepted
Feature: Requests that are authenticated
  What the documents allow is accepted, however unusual it looks.

  @S-AUTH-HMAC
  Rule: A request signed with ZC2-HMAC-SHA256 is accepted; the canonical request names the path / and an empty query, whatever the real ones are.

    @signed-as-documented
    Scenario Outline: <action> is accepted when signed as documented
      Given a STOPPED instance
      When <action> is called signed as documented
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | action                  |
        | DescribeInstancesStatus |
        | DescribeInstances       |

    @blanks-in-body
    Scenario Outline: <action> is accepted with blanks around and within its body, which are signed
      Given a STOPPED instance
      When <action> is called signed with blanks around and within its body
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | action                  |
        | DescribeInstancesStatus |
        | DescribeInstances       |

    @query-in-url
    Example: What stands in the URL after the path is not signed
      Given a STOPPED instance
      When DescribeInstances is called with a query in its URL
      Then the signature is accepted

    @text-beyond-ascii
    Example: A body with text beyond ASCII is signed as the bytes it is sent in
      Given a STOPPED instance
      When DescribeInstances is called with name as "实例 é"
      Then the signature is accepted

  @S-AUTH-SIGNED-HEADERS
  Rule: More headers than content-type and host may be signed.

    @more-signed-headers
    Scenario Outline: <action> is accepted with further headers signed
      Given a STOPPED instance
      When <action> is called with further headers signed
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | action                  |
        | DescribeInstancesStatus |
        | DescribeInstances       |

    @earlier-signed-header
    Scenario Outline: <action> is accepted with a header before content-type signed
      Given a STOPPED instance
      When <action> is called with a header before content-type signed
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | action                  |
        | DescribeInstancesStatus |
        | DescribeInstances       |

    @change-more-signed-headers
    Example: A change is accepted with further headers signed, and its instance looked for
      Given an instance that does not exist
      When ModifyInstanceType is called with further headers signed
      Then the caller is accepted

  @S-AUTH-WINDOW
  Rule: A timestamp within five minutes of the server's time is accepted.

    @signed-just-now
    Scenario Outline: <action> is accepted when signed 4 minutes ago
      Given a STOPPED instance
      When <action> is called signed 4 minutes ago
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | action                  |
        | DescribeInstancesStatus |
        | DescribeInstances       |

    @signed-just-ahead
    Scenario Outline: <action> is accepted when signed 4 minutes ahead
      Given a STOPPED instance
      When <action> is called signed 4 minutes ahead
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | action                  |
        | DescribeInstancesStatus |
        | DescribeInstances       |

    @change-signed-just-now
    Example: A change is accepted when signed 4 minutes ago, and its instance looked for
      Given an instance that does not exist
      When ModifyInstanceType is called signed 4 minutes ago
      Then the caller is accepted

    @change-signed-just-ahead
    Example: A change is accepted when signed 4 minutes ahead, and its instance looked for
      Given an instance that does not exist
      When ModifyInstanceType is called signed 4 minutes ahead
      Then the caller is accepted

  @K-AUTH-BEARER
  Rule: A bearer token is accepted without timestamp and signature method.

    @bearer-token
    Scenario Outline: <action> is accepted with a bearer token
      Given a STOPPED instance
      When <action> is called with a bearer token
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | action                  |
        | DescribeInstancesStatus |
        | DescribeInstances       |

    @change-bearer-token
    Example: A change is accepted with a bearer token, and its instance looked for
      Given an instance that does not exist
      When ModifyInstanceType is called with a bearer token
      Then the caller is accepted

  @K-HEADER-CASE
  Rule: Header names are case-insensitive.

    @lower-case-headers
    Scenario Outline: <action> is accepted with its header names in lower case
      Given a STOPPED instance
      When <action> is called with its header names in lower case
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | action                  |
        | DescribeInstancesStatus |
        | DescribeInstances       |

  @K-HEADER-SDK
  Rule: The further headers that the SDKs send are accepted.

    @sdk-headers
    Scenario Outline: <action> is accepted with the further headers of the SDKs
      Given a STOPPED instance
      When <action> is called with the further headers of the SDKs
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | action                  |
        | DescribeInstancesStatus |
        | DescribeInstances       |

  @S-MEDIA-CHARSET
  Rule: The media type application/json; charset=utf-8 is accepted.

    @media-charset
    Scenario Outline: <action> is accepted as application/json; charset=utf-8
      Given a STOPPED instance
      When <action> is called as application/json; charset=utf-8
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | action                  |
        | DescribeInstancesStatus |
        | DescribeInstances       |
