@dispatch
Feature: Requests that reach an operation, and those that do not
  All actions share one path, one method and one media type. A header names the action.

  @E-ACTION-UNKNOWN
  Rule: An action that does not exist is refused with a documented 4xx pair.

    @unknown-action @R-REFUSED-UNCHANGED
    Example: NoSuchAction is refused
      Given a STOPPED instance
      When NoSuchAction is called
      Then the answer is a documented 4xx error
      And the instance is unchanged

    @action-that-begins-as-another @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused: an action is matched by its whole name
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
    Scenario Outline: NoSuchAction with a valid body for <action> is refused
      Given a <start> instance
      When NoSuchAction is called with a body for <action>
      Then the answer is a documented 4xx error
      And the instance is unchanged

      Examples:
        | every action |

    @action-cut-off @R-REFUSED-UNCHANGED
    Scenario Outline: <name> with a valid body for <action> is refused: the name is cut off
      Given a <start> instance
      When <name> is called with a body for <action>
      Then the answer is a documented 4xx error
      And the instance is unchanged

      Examples:
        | name                  | action                  | start   |
        | ModifyInstanceTy      | ModifyInstanceType      | STOPPED |
        | DescribeInstancesStat | DescribeInstancesStatus | STOPPED |

  @R-METHOD-POST
  Rule: Only POST is served: a request with another method never succeeds.

    @R-REFUSED-UNCHANGED
    Scenario Outline: <action> by <method> does not succeed
      Given a <start> instance
      When <action> is called by <method>
      Then the answer is no success
      And the instance is unchanged

      Examples:
        | id                                 | every action | method |
        | other-method[<action> by <method>] |              | GET    |

      Examples:
        | id                                         | every reading action | method                    |
        | other-method[<action> by <method>]         |                      | PUT                       |
        | other-method[<action> by <method>]         |                      | PATCH                     |
        | other-method[<action> by <method>]         |                      | DELETE                    |
        | other-method-with-token[<action> by GET]   |                      | GET with a bearer token   |
        | other-method-with-token[<action> by PUT]   |                      | PUT with a bearer token   |
        | other-method-with-token[<action> by PATCH] |                      | PATCH with a bearer token |

      Examples:
        | id                                         | action             | method                    | start   |
        | other-method[<action> by <method>]         | ModifyInstanceType | PUT                       | STOPPED |
        | other-method[<action> by <method>]         | ModifyInstanceType | PATCH                     | STOPPED |
        | other-method[<action> by <method>]         | ModifyInstanceType | DELETE                    | STOPPED |
        | other-method-with-token[<action> by GET]   | ModifyInstanceType | GET with a bearer token   | STOPPED |
        | other-method-with-token[<action> by PUT]   | ModifyInstanceType | PUT with a bearer token   | STOPPED |
        | other-method-with-token[<action> by PATCH] | ModifyInstanceType | PATCH with a bearer token | STOPPED |

  @R-MEDIA-REQUEST
  Rule: A request body is application/json: another media type is refused with a documented 400 pair.

    @R-REFUSED-UNCHANGED
    Scenario Outline: <action> as <media> is refused
      Given a <start> instance
      When <action> is called as <media>
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | id                                    | every action | media      |
        | other-media-type[<action> as <media>] |              | text/plain |

      Examples:
        | id                                    | every reading action | media                             |
        | other-media-type[<action> as <media>] |                      | application/xml                   |
        | other-media-type[<action> as <media>] |                      | application/x-www-form-urlencoded |
        | other-media-type[<action> as <media>] |                      | text/json                         |
        | other-media-type[<action> as <media>] |                      | application/jsonp                 |
        | other-media-type[<action> as <media>] |                      | application/json-patch+json       |
        | other-media-type[<action> as <media>] |                      | x-application/json                |

      Examples:
        | id                                    | action             | media                             | start   |
        | other-media-type[<action> as <media>] | ModifyInstanceType | application/xml                   | STOPPED |
        | other-media-type[<action> as <media>] | ModifyInstanceType | application/x-www-form-urlencoded | STOPPED |
        | other-media-type[<action> as <media>] | ModifyInstanceType | text/json                         | STOPPED |
        | other-media-type[<action> as <media>] | ModifyInstanceType | application/jsonp                 | STOPPED |
        | other-media-type[<action> as <media>] | ModifyInstanceType | application/json-patch+json       | STOPPED |
        | other-media-type[<action> as <media>] | ModifyInstanceType | x-application/json                | STOPPED |

  @R-BODY-MALFORMED
  Rule: A body that is no JSON is refused with a documented 400 pair.

    @R-REFUSED-UNCHANGED
    Scenario Outline: <action> with the body <body> is refused
      Given a <start> instance
      When <action> is called with the body <body>
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | id                                | every action | body  |
        | malformed-body[<action>: no JSON] |              | hello |

      Examples:
        | id                                            | every reading action | body                              |
        | malformed-body[<action>: JSON cut off]        |                      | {"instanceId": "no-such-instance" |
        | malformed-body[<action>: text after the JSON] |                      | {} trailing                       |

      Examples:
        | id                                            | action             | body                              | start   |
        | malformed-body[<action>: JSON cut off]        | ModifyInstanceType | {"instanceId": "no-such-instance" | STOPPED |
        | malformed-body[<action>: text after the JSON] | ModifyInstanceType | {} trailing                       | STOPPED |

    @R-REFUSED-UNCHANGED
    Scenario Outline: <action> <variation> is refused
      Given a <start> instance
      When <action> is called <variation>
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | id                         | every action | variation                         |
        | text-after-body[<action>]  |              | with text after its body          |
        | comma-after-last[<action>] |              | with a trailing comma in its body |
        | single-quotes[<action>]    |              | with its strings in single quotes |
        | comment-in-body[<action>]  |              | with a comment in its body        |

      Examples:
        | id                                              | every reading action | variation                       |
        | nul-bytes[<action>: NUL bytes alone]            |                      | with a body of NUL bytes        |
        | nul-bytes[<action>: a NUL byte before the JSON] |                      | with a NUL byte before its body |

      Examples:
        | id                                              | action             | variation                       | start   |
        | nul-bytes[<action>: NUL bytes alone]            | ModifyInstanceType | with a body of NUL bytes        | STOPPED |
        | nul-bytes[<action>: a NUL byte before the JSON] | ModifyInstanceType | with a NUL byte before its body | STOPPED |

  @S-ACTION-DISPATCH
  Rule: The header X-ZC-Action alone selects the operation.

    @same-body-two-actions
    Example: The same body is answered by the action that the header names
      Given a STOPPED instance
      When DescribeInstancesStatus and DescribeInstances are asked for it
      Then the answer is a success
      And each answers with its own rows

    Scenario Outline: <action> with <what> changes nothing
      Given a STOPPED instance
      When <action> is called with <what>
      Then the answer is a success or a documented 4xx error
      And the instance is unchanged

      Examples:
        | id                                    | every reading action | what                                                          |
        | modify-parameters-in-a-read[<action>] |                      | the parameters of ModifyInstanceType                          |
        | modify-named-in-a-read[<action>]      |                      | the parameters of ModifyInstanceType and its name in the body |

      Examples:
        | id                      | action            | what                                                         |
        | modify-named-in-the-url | DescribeInstances | the parameters of ModifyInstanceType and its name in the URL |
