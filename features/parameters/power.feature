@parameters @power
Feature: The parameters of the actions that take several instances
  An array of up to 100 ids is required. A call without it, or with a wrong one, is refused
  and changes nothing.

  @{clauses}-IDS
  Rule: The {subject} of {action} are a required array of up to 100 strings; an empty one is refused with a documented 4xx pair, or answered with success and nothing is done.

    @E-MISSING @R-REFUSED-UNCHANGED
    Scenario Outline: <action> refuses a call <how>
      Given a <start> instance
      When <action> is called <how>
      Then the answer is the error 400 MISSING_PARAMETER
      And the instance is unchanged

      Examples:
        | id                              | every batch action | how                                |
        | power-ids-missing[<action>]     |                    | without instanceIds                |
        | power-other-parameter[<action>] |                    | with a body for ModifyInstanceType |

    @power-ids-null @R-PARAMETER-EMPTY @R-REFUSED-UNCHANGED
    Scenario Outline: <action> refuses instanceIds as null
      Given a <start> instance
      When <action> is called with instanceIds as null
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | every batch action |

    @power-ids-empty @R-REFUSED-UNCHANGED
    Scenario Outline: <action> with an empty array does nothing
      Given a <start> instance
      When <action> is called with instanceIds as []
      Then the answer is a success or a documented 4xx error
      And the instance is unchanged

      Examples:
        | every batch action |

    @E-WRONG-TYPE @R-REFUSED-UNCHANGED
    Scenario Outline: <action> refuses instanceIds as <value>
      Given a <start> instance
      When <action> is called with instanceIds as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE
      And the instance is unchanged

      Examples:
        | id                                                            | every batch action | value                      |
        | power-ids-wrong-type[<action>, instanceIds a text]            |                    | "no-such-instance"         |
        | power-ids-wrong-type[<action>, instanceIds the id alone]      |                    | "its own id"               |
        | power-ids-wrong-type[<action>, instanceIds a number]          |                    | 42                         |
        | power-ids-wrong-type[<action>, instanceIds a boolean]         |                    | true                       |
        | power-ids-wrong-type[<action>, instanceIds an object]         |                    | {"id": "no-such-instance"} |
        | power-ids-wrong-type[<action>, instanceIds a list of numbers] |                    | [42]                       |
        | power-ids-wrong-type[<action>, instanceIds an id and a number] |                    | ["its own id", 42]         |

    @power-too-many-ids @E-TOO-LONG
    Scenario Outline: <action> refuses more than 100 ids, or does not find them
      Given an instance that does not exist
      When <action> is called with 101 made-up ids
      Then the answer is a documented <absent> error or the error 400 INVALID_PARAMETER_EXCEED_LENGTH

      Examples:
        | action          | absent |
        | StartInstances  | 404    |
        | StopInstances   | 404    |
        | RebootInstances | 4xx    |

    @power-100-ids @{clauses}-ABSENT
    Scenario Outline: <action> takes 100 ids
      Given an instance that does not exist
      When <action> is called with 100 made-up ids
      Then it is refused with <denied.absent>, or listed as failed

      Examples:
        | every batch action |

  @{clauses}-BODY
  Rule: A body of {action} that is empty or no object, and so names no {subject}, is refused with a documented 400 pair.

    @power-empty-body @R-REFUSED-UNCHANGED
    Scenario Outline: <action> refuses an empty body
      Given a <start> instance
      When <action> is called with an empty body
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | every batch action |

    @R-REFUSED-UNCHANGED
    Scenario Outline: <action> refuses the body <body>
      Given a <start> instance
      When <action> is called with the body <body>
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | id                                           | every batch action | body           |
        | power-no-object[<action> with an empty list] |                    | []             |
        | power-no-object[<action> with a list of ids] |                    | ["its own id"] |
        | power-no-object[<action> with a text]        |                    | "text"         |
        | power-no-object[<action> with null]          |                    | null           |

  @A-STOP-FORCE
  Rule: The parameter forceShutdown of StopInstances is an optional boolean.

    @force-value @change
    Scenario Outline: StopInstances with forceShutdown <value> stops the instance
      Given a RUNNING instance
      When StopInstances is called on it with forceShutdown as <value>
      Then the answer is a success
      And the instance goes through STOPPING to STOPPED and stays there

      Examples:
        | value |
        | true  |
        | false |

    @E-WRONG-TYPE @R-REFUSED-UNCHANGED
    Scenario Outline: StopInstances refuses forceShutdown as <value>
      Given a RUNNING instance
      When StopInstances is called with forceShutdown as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE
      And the instance is unchanged

      Examples:
        | id                          | value    |
        | force-wrong-type[a text]    | "true"   |
        | force-wrong-type[a number]  | 1        |
        | force-wrong-type[a list]    | [true]   |
        | force-wrong-type[an object] | {"v": 1} |

  @C-OPTIONAL-EMPTY
  Rule: An optional parameter that is null, an empty list, or an empty body where nothing is required, counts as absent, or is refused with a documented 400 pair; an optional parameter that is the empty text may besides count as a value that nothing has.

    @force-null @A-STOP-FORCE @change
    Example: StopInstances is carried out with forceShutdown as null, or refuses it
      Given a RUNNING instance
      When StopInstances is called on it with forceShutdown as null
      Then the change is carried out, or refused with a documented 4xx error

    @A-STOP-FORCE
    Scenario Outline: StopInstances ignores or refuses forceShutdown as <value>
      Given an instance that does not exist
      When StopInstances is called with forceShutdown as <value>
      Then the answer is a success or a documented 4xx error

      Examples:
        | id                          | value |
        | force-empty[null]           | null  |
        | force-empty[the empty text] | ""    |
