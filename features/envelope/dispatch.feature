@dispatch
Feature: Which requests reach an operation
  All actions share one path, one method and one media type; a header tells them apart.

  @E-ACTION-UNKNOWN
  Rule: An action that does not exist is refused with a documented 4xx pair.

    @unknown-action @R-REFUSED-UNCHANGED
    Example: An action that does not exist is refused
      Given a STOPPED instance
      When NoSuchAction is called
      Then the answer is a documented 4xx error
      And the instance is unchanged

    @action-that-begins-as-another @R-REFUSED-UNCHANGED
    Scenario Outline: <action>, whose name only holds that of another, is refused
      Given a STOPPED instance
      When <action> is called
      Then the answer is a documented 4xx error
      And the instance is unchanged

      Examples:
        | action                              |
        | DescribeInstancesNoSuchAction       |
        | DescribeInstancesStatusNoSuchAction |
        | NoSuchActionDescribeInstances       |

    @unknown-action-with-known-body @R-REFUSED-UNCHANGED
    Scenario Outline: An action that does not exist is refused with what <action> takes
      Given a <start> instance
      When NoSuchAction is called with what <action> takes
      Then the answer is a documented 4xx error
      And the instance is unchanged

      Examples:
        | every action |

  @R-METHOD-POST
  Rule: Only POST is served: a request with another method never succeeds.

    @other-method @R-REFUSED-UNCHANGED
    Scenario Outline: <case> is no success
      Given a <status> instance
      When <action> is called by <method>
      Then the answer is no success
      And the instance is unchanged

      Examples:
        | case                              | action                  | method | status  |
        | ModifyInstanceType by GET         | ModifyInstanceType      | GET    | STOPPED |
        | ModifyInstanceType by PUT         | ModifyInstanceType      | PUT    | STOPPED |
        | ModifyInstanceType by DELETE      | ModifyInstanceType      | DELETE | STOPPED |
        | DescribeInstancesStatus by GET    | DescribeInstancesStatus | GET    | STOPPED |
        | DescribeInstancesStatus by PUT    | DescribeInstancesStatus | PUT    | STOPPED |
        | DescribeInstancesStatus by DELETE | DescribeInstancesStatus | DELETE | STOPPED |
        | DescribeInstances by GET          | DescribeInstances       | GET    | STOPPED |
        | DescribeInstances by PUT          | DescribeInstances       | PUT    | STOPPED |
        | DescribeInstances by DELETE       | DescribeInstances       | DELETE | STOPPED |
        | StartInstances by GET             | StartInstances          | GET    | STOPPED |
        | StopInstances by GET              | StopInstances           | GET    | RUNNING |
        | RebootInstances by GET            | RebootInstances         | GET    | RUNNING |

    @other-method-with-token @R-REFUSED-UNCHANGED
    Scenario Outline: <case> with a bearer token is no success
      Given a STOPPED instance
      When <action> is called by <method> with a bearer token
      Then the answer is no success
      And the instance is unchanged

      Examples:
        | case                           | action                  | method |
        | ModifyInstanceType by GET      | ModifyInstanceType      | GET    |
        | ModifyInstanceType by PUT      | ModifyInstanceType      | PUT    |
        | DescribeInstancesStatus by GET | DescribeInstancesStatus | GET    |
        | DescribeInstancesStatus by PUT | DescribeInstancesStatus | PUT    |
        | DescribeInstances by GET       | DescribeInstances       | GET    |
        | DescribeInstances by PUT       | DescribeInstances       | PUT    |

  @R-MEDIA-REQUEST
  Rule: A request body is application/json: another media type is refused with a documented 400 pair.

    @other-media-type @R-REFUSED-UNCHANGED
    Scenario Outline: <case> is refused
      Given a <status> instance
      When <action> is called as <media>
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | case                                                         | action                  | media                             | status  |
        | ModifyInstanceType as text/plain                             | ModifyInstanceType      | text/plain                        | STOPPED |
        | ModifyInstanceType as application/xml                        | ModifyInstanceType      | application/xml                   | STOPPED |
        | ModifyInstanceType as application/x-www-form-urlencoded      | ModifyInstanceType      | application/x-www-form-urlencoded | STOPPED |
        | ModifyInstanceType as text/json                              | ModifyInstanceType      | text/json                         | STOPPED |
        | ModifyInstanceType as application/jsonp                      | ModifyInstanceType      | application/jsonp                 | STOPPED |
        | ModifyInstanceType as application/json-patch+json            | ModifyInstanceType      | application/json-patch+json       | STOPPED |
        | ModifyInstanceType as x-application/json                     | ModifyInstanceType      | x-application/json                | STOPPED |
        | DescribeInstancesStatus as text/plain                        | DescribeInstancesStatus | text/plain                        | STOPPED |
        | DescribeInstancesStatus as application/xml                   | DescribeInstancesStatus | application/xml                   | STOPPED |
        | DescribeInstancesStatus as application/x-www-form-urlencoded | DescribeInstancesStatus | application/x-www-form-urlencoded | STOPPED |
        | DescribeInstancesStatus as text/json                         | DescribeInstancesStatus | text/json                         | STOPPED |
        | DescribeInstancesStatus as application/jsonp                 | DescribeInstancesStatus | application/jsonp                 | STOPPED |
        | DescribeInstancesStatus as application/json-patch+json       | DescribeInstancesStatus | application/json-patch+json       | STOPPED |
        | DescribeInstancesStatus as x-application/json                | DescribeInstancesStatus | x-application/json                | STOPPED |
        | DescribeInstances as text/plain                              | DescribeInstances       | text/plain                        | STOPPED |
        | DescribeInstances as application/xml                         | DescribeInstances       | application/xml                   | STOPPED |
        | DescribeInstances as application/x-www-form-urlencoded       | DescribeInstances       | application/x-www-form-urlencoded | STOPPED |
        | DescribeInstances as text/json                               | DescribeInstances       | text/json                         | STOPPED |
        | DescribeInstances as application/jsonp                       | DescribeInstances       | application/jsonp                 | STOPPED |
        | DescribeInstances as application/json-patch+json             | DescribeInstances       | application/json-patch+json       | STOPPED |
        | DescribeInstances as x-application/json                      | DescribeInstances       | x-application/json                | STOPPED |
        | StartInstances as text/plain                                 | StartInstances          | text/plain                        | STOPPED |
        | StopInstances as text/plain                                  | StopInstances           | text/plain                        | RUNNING |
        | RebootInstances as text/plain                                | RebootInstances         | text/plain                        | RUNNING |

  @R-BODY-MALFORMED
  Rule: A body that is no JSON is refused with a documented 400 pair.

    @malformed-body @R-REFUSED-UNCHANGED
    Scenario Outline: <case> is refused
      Given a <status> instance
      When <action> is called with the body <body>
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | case                                         | action                  | body                              | status  |
        | ModifyInstanceType: no JSON                  | ModifyInstanceType      | hello                             | STOPPED |
        | ModifyInstanceType: JSON cut off             | ModifyInstanceType      | {"instanceId": "no-such-instance" | STOPPED |
        | ModifyInstanceType: text after the JSON      | ModifyInstanceType      | {} trailing                       | STOPPED |
        | DescribeInstancesStatus: no JSON             | DescribeInstancesStatus | hello                             | STOPPED |
        | DescribeInstancesStatus: JSON cut off        | DescribeInstancesStatus | {"instanceId": "no-such-instance" | STOPPED |
        | DescribeInstancesStatus: text after the JSON | DescribeInstancesStatus | {} trailing                       | STOPPED |
        | DescribeInstances: no JSON                   | DescribeInstances       | hello                             | STOPPED |
        | DescribeInstances: JSON cut off              | DescribeInstances       | {"instanceId": "no-such-instance" | STOPPED |
        | DescribeInstances: text after the JSON       | DescribeInstances       | {} trailing                       | STOPPED |
        | StartInstances: no JSON                      | StartInstances          | hello                             | STOPPED |
        | StopInstances: no JSON                       | StopInstances           | hello                             | RUNNING |
        | RebootInstances: no JSON                     | RebootInstances         | hello                             | RUNNING |

    @text-after-body @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused with text after its body
      Given a <start> instance
      When <action> is called with text after its body
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | every action |

    @comma-after-last @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused with a comma after its last parameter
      Given a <start> instance
      When <action> is called with a comma after its last parameter
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | every action |

    @single-quotes @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused with its texts in single quotes
      Given a <start> instance
      When <action> is called with its texts in single quotes
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | every action |

    @comment-in-body @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused with a comment in its body
      Given a <start> instance
      When <action> is called with a comment in its body
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | every action |

    @nul-bytes @R-REFUSED-UNCHANGED
    Scenario Outline: <case> is refused
      Given a STOPPED instance
      When <action> is called <how>
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | case                                                | action                  | how                             |
        | ModifyInstanceType: NUL bytes alone                 | ModifyInstanceType      | with a body of NUL bytes        |
        | ModifyInstanceType: a NUL byte before the JSON      | ModifyInstanceType      | with a NUL byte before its body |
        | DescribeInstancesStatus: NUL bytes alone            | DescribeInstancesStatus | with a body of NUL bytes        |
        | DescribeInstancesStatus: a NUL byte before the JSON | DescribeInstancesStatus | with a NUL byte before its body |
        | DescribeInstances: NUL bytes alone                  | DescribeInstances       | with a body of NUL bytes        |
        | DescribeInstances: a NUL byte before the JSON       | DescribeInstances       | with a NUL byte before its body |

  @S-ACTION-DISPATCH
  Rule: The header X-ZC-Action alone selects the operation.

    @same-body-two-actions
    Example: The same body gets the answer of the action that its header names
      Given a STOPPED instance
      When DescribeInstancesStatus and DescribeInstances are asked for it
      Then the answer is a success
      And each gives the rows of its own

    @modify-parameters-in-a-read
    Scenario Outline: <action> with the parameters of another action is still itself
      Given a STOPPED instance
      When <action> is called with the parameters of ModifyInstanceType
      Then the answer is a success or a documented 4xx error
      And the instance is unchanged

      Examples:
        | action                  |
        | DescribeInstancesStatus |
        | DescribeInstances       |

    @modify-named-in-a-read
    Scenario Outline: <action> with the name of another action in its body is still itself
      Given a STOPPED instance
      When <action> is called with the parameters of ModifyInstanceType and its name in the body
      Then the answer is a success or a documented 4xx error
      And the instance is unchanged

      Examples:
        | action                  |
        | DescribeInstancesStatus |
        | DescribeInstances       |

    @modify-named-in-the-url
    Example: The name of another action in the URL decides nothing
      Given a STOPPED instance
      When DescribeInstances is called with the parameters of ModifyInstanceType and its name in the URL
      Then the answer is a success or a documented 4xx error
      And the instance is unchanged
