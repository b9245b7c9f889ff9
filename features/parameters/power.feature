@parameters @power
Feature: The parameters of the actions that name a list of instances
  A list of up to 100 ids is required. A call that lacks it, or has it wrong, is refused
  and changes nothing.

  @{clauses}-IDS
  Rule: The {subject} of {action} are a required array of up to 100 strings; an empty one is refused with a documented 4xx pair, or answered with success and nothing is done.

    @power-ids-missing @E-MISSING @R-REFUSED-UNCHANGED
    Scenario Outline: <action> without instanceIds is refused
      Given a <start> instance
      When <action> is called without instanceIds
      Then the answer is the error 400 MISSING_PARAMETER
      And the instance is unchanged

      Examples:
        | every batch action |

    @power-other-parameter @E-MISSING @R-REFUSED-UNCHANGED
    Scenario Outline: <action> with instanceId, and without instanceIds, is refused
      Given a <start> instance
      When <action> is called with what ModifyInstanceType takes
      Then the answer is the error 400 MISSING_PARAMETER
      And the instance is unchanged

      Examples:
        | every batch action |

    @power-ids-null @R-PARAMETER-EMPTY @R-REFUSED-UNCHANGED
    Scenario Outline: <action> whose instanceIds is null is refused
      Given a <start> instance
      When <action> is called with instanceIds as null
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | every batch action |

    @power-ids-empty @R-REFUSED-UNCHANGED
    Scenario Outline: <action> on no instance does nothing
      Given a <start> instance
      When <action> is called with instanceIds as []
      Then the answer is a success or a documented 4xx error
      And the instance is unchanged

      Examples:
        | every batch action |

    @power-ids-wrong-type @E-WRONG-TYPE @R-REFUSED-UNCHANGED
    Scenario Outline: <case> is refused
      Given a <start> instance
      When <action> is called with instanceIds as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE
      And the instance is unchanged

      Examples:
        | case                                    | every batch action | value                      |
        | <action>, instanceIds a text            |                    | "no-such-instance"         |
        | <action>, instanceIds the id alone      |                    | "its own id"               |
        | <action>, instanceIds a number          |                    | 42                         |
        | <action>, instanceIds a boolean         |                    | true                       |
        | <action>, instanceIds an object         |                    | {"id": "no-such-instance"} |
        | <action>, instanceIds a list of numbers |                    | [42]                       |

    @power-too-many-ids @E-TOO-LONG
    Scenario Outline: <action> refuses more than 100 ids
      Given an instance that does not exist
      When <action> is called with 101 made-up ids
      Then the answer is the error 400 INVALID_PARAMETER_EXCEED_LENGTH

      Examples:
        | every batch action |

    @power-100-ids @{clauses}-ABSENT
    Scenario Outline: <action> takes 100 ids
      Given an instance that does not exist
      When <action> is called with 100 made-up ids
      Then it is refused with <denied.absent>, or named as failed

      Examples:
        | every batch action |

  @{clauses}-BODY
  Rule: A body of {action} that is empty or no object, and so names no {subject}, is refused with a documented 400 pair.

    @power-empty-body @R-REFUSED-UNCHANGED
    Scenario Outline: <action> with an empty body is refused
      Given a <start> instance
      When <action> is called with an empty body
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | every batch action |

    @power-no-object @R-REFUSED-UNCHANGED
    Scenario Outline: <case> is refused
      Given a <start> instance
      When <action> is called with the body <body>
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | case                        | every batch action | body           |
        | <action> with an empty list |                    | []             |
        | <action> with a list of ids |                    | ["its own id"] |
        | <action> with a text        |                    | "text"         |
        | <action> with null          |                    | null           |

  @A-STOP-FORCE
  Rule: The parameter forceShutdown of StopInstances is an optional boolean.

    @force-value @change
    Scenario Outline: StopInstances with a forceShutdown that is <value> stops the instance
      Given a RUNNING instance
      When StopInstances is called on it with forceShutdown as <value>
      Then the answer is a success
      And the instance goes through STOPPING to STOPPED and stays there

      Examples:
        | value |
        | true  |
        | false |

    @force-wrong-type @E-WRONG-TYPE @R-REFUSED-UNCHANGED
    Scenario Outline: StopInstances whose forceShutdown is <case> is refused
      Given a RUNNING instance
      When StopInstances is called with forceShutdown as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE
      And the instance is unchanged

      Examples:
        | case      | value    |
        | a text    | "true"   |
        | a number  | 1        |
        | a list    | [true]   |
        | an object | {"v": 1} |

  @C-OPTIONAL-EMPTY
  Rule: An optional parameter that is null, an empty list, or an empty body where nothing is required, counts as absent, or is refused with a documented 400 pair; an optional parameter that is the empty text may besides count as a value that nothing has.

    @force-empty @A-STOP-FORCE
    Scenario Outline: A forceShutdown that is <case> counts as absent, or is refused
      Given an instance that does not exist
      When StopInstances is called with forceShutdown as <value>
      Then the answer is a success or a documented 4xx error

      Examples:
        | case           | value |
        | null           | null  |
        | the empty text | ""    |
